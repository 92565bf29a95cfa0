/** Corrections and doubts of the registry: known errors of upstreams, guards released by hand, and facts left out. */
import { z } from "zod";
import { CoinIdSchema } from "./coin.ts";

export const CorrectionSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens")
      .describe("Short name, for ever"),
    coinId: CoinIdSchema.nullable().describe("The coin concerned; null: all of a dataset"),
    dataset: z.string().min(1).describe("The dataset concerned, e.g. supply"),
    kind: z
      .enum(["upstream-error", "guard-release", "dismissed-candidate"])
      .describe("What an upstream got wrong, a guard let go on purpose, or a coin that stays out of the registry"),
    candidate: z
      .strictObject({
        id: z.string().min(1).describe("Id of the discovery candidate"),
        marketCapUsd: z.number().positive().describe("At the time; it comes back above ten times this"),
      })
      .optional()
      .describe("The coin that a dismissal concerns"),
    what: z.string().min(1).describe("What is done"),
    why: z.string().min(1).describe("Reason, for a stranger"),
    who: z.string().min(1).describe("Who decided"),
    reportedAt: z.iso.date("a date as YYYY-MM-DD").describe("When it was entered"),
    until: z.iso.date("a date as YYYY-MM-DD").nullable().describe("Last day it holds; null: until removed"),
    source: z.string().min(1).describe("Link or note that shows it"),
  })
  .refine((one) => (one.kind === "dismissed-candidate") === (one.candidate !== undefined), {
    path: ["candidate"],
    error: "the candidate, exactly when one is dismissed",
  });
export type Correction = z.infer<typeof CorrectionSchema>;

export const CorrectionsFileSchema = z
  .strictObject({ corrections: z.array(CorrectionSchema) })
  .describe("Known upstream errors and guard releases");

export const DoubtSchema = z.strictObject({
  coinId: CoinIdSchema.nullable().describe("The coin concerned; null: an id that is not in the registry"),
  field: z.string().min(1).describe("The field whose value was left out or chosen with doubt"),
  value: z.string().min(1).describe("The doubtful value"),
  why: z.string().min(1).describe("What speaks against it"),
});
export type Doubt = z.infer<typeof DoubtSchema>;

export const DoubtsFileSchema = z
  .strictObject({ doubts: z.array(DoubtSchema) })
  .describe("Facts that nobody has settled; plumbline check lists them");
