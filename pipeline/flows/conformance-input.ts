/** What cases of several ideas are read with. */
import { z } from "zod";
import { listOf, MaybeNumber, MaybeText } from "../conformance/input.ts";
import { FlowTypeSchema } from "../schema/flows.ts";

/** A method's name to the lane's own function. */
export type ConformanceCases = Record<string, (input: unknown, context: { dir: string }) => unknown>;

export const Count = MaybeNumber.transform((count) => count ?? 0);

export const Text = MaybeText.transform((text) => text ?? "");

export const Flag = z
  .boolean()
  .nullish()
  .transform((flag) => flag ?? false);

export const Texts = listOf(z.string().nullable()).transform((texts) => texts.filter((text) => text !== null));

export const Tier = z
  .enum(["critical", "extended"])
  .nullish()
  .transform((tier) => tier ?? "critical");

export const FlowTypeInput = FlowTypeSchema.nullish().transform((type) => type ?? "standard");

export const absent = <T>(value: T | null | undefined) => value ?? undefined;
