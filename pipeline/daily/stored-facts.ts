/** The facts of a digest on record; null where they cannot be read, so that a row of an older make is not known instead of wrong. */
import { type DigestFacts, DigestFactsSchema } from "../schema/digest.ts";

export function storedFacts({ facts }: { facts: string }): DigestFacts | null {
  try {
    return DigestFactsSchema.safeParse(JSON.parse(facts)).data ?? null;
  } catch {
    return null;
  }
}
