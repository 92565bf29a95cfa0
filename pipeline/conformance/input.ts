/** Field types of case inputs: zod's numbers refuse NaN and the infinities, which the method has answers for. */
import { z } from "zod";
import { SourceChanged } from "../errors.ts";

/** Any number, the special ones included. */
export const AnyNumber = z.custom<number>((value) => typeof value === "number", "not a number");

/** A number that may be missing; what is missing or no number is NaN, and every rule refuses NaN. */
export const NumberOrNaN = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === "number" ? value : Number.NaN));

/** A number that may be missing or null. */
export const MaybeNumber = AnyNumber.nullish().transform((value) => value ?? null);

export const MaybeText = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

/** A list that may be missing or null, which is none of its items. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((list) => list ?? []);
}

/** What a source's `parse` gives, or null where it refuses the body. */
export function parsedOrNull<Out>(parse: () => Out): Out | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SourceChanged) return null;
    throw error;
  }
}
