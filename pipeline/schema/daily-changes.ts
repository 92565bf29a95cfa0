/** What moved from one morning to the next, one row a move, and whether the world or we moved it. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";
import type { HistoryDataset } from "./history-dataset.ts";

export const ChangeKindSchema = z.enum([
  "deviation",
  "supply",
  "price-lost",
  "price-back",
  "depeg-began",
  "depeg-ended",
  "grade",
  "dex-score",
  "stress-band",
  "stability-band",
  "route",
  "method-version",
  "coin-added",
  "coin-removed",
  "coin-facts",
]);
export type ChangeKind = z.infer<typeof ChangeKindSchema>;

export const ChangeCauseSchema = z
  .enum(["world", "method", "registry"])
  .describe(
    "method: the method's version changed in between; registry: the facts on file of this coin did; world: neither did",
  );
export type ChangeCause = z.infer<typeof ChangeCauseSchema>;

export const DailyChangeSchema = z.object({
  date: UnixSecondsSchema.describe("Start of the UTC day whose morning run saw it"),
  coinId: z.string().describe("Empty: it concerns no single coin"),
  kind: ChangeKindSchema,
  cause: ChangeCauseSchema,
  before: z.number().nullable().describe("bps, USD or points, as the kind has it; null: not a number or not known"),
  after: z.number().nullable(),
  beforeText: z.string().nullable().describe("Grade, band, route status or version; null where the numbers say it"),
  afterText: z.string().nullable(),
});
export type DailyChange = z.infer<typeof DailyChangeSchema>;

/** At most this many rows a day, heaviest first. */
export const MOST_CHANGES = 120;

export const DAILY_CHANGES: HistoryDataset<DailyChange> = {
  name: "daily-changes",
  row: DailyChangeSchema,
  columns: {
    date: "BIGINT",
    coinId: "VARCHAR",
    kind: "VARCHAR",
    cause: "VARCHAR",
    before: "DOUBLE",
    after: "DOUBLE",
    beforeText: "VARCHAR",
    afterText: "VARCHAR",
  },
  key: ["date", "kind", "coinId"],
  timeColumn: "date",
  period: "year",
};
