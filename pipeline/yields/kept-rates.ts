/** The last benchmark rates that were believed, by currency: what lets a series be asked once a day and a missing figure be bridged. */
import { z } from "zod";

export const RATES_STATE = "yield-benchmarks";

const KeptRateSchema = z.object({ date: z.iso.date(), ratePct: z.number(), fetchedAt: z.int() });
export type KeptRate = z.infer<typeof KeptRateSchema>;
export type KeptRates = Record<string, KeptRate>;

/** What does not read as a rate is as if it had never been kept. */
export function readKeptRates(state: unknown): KeptRates {
  const entries = z.record(z.string(), z.unknown()).safeParse(state).data ?? {};
  return Object.fromEntries(
    Object.entries(entries).flatMap(([currency, entry]) => {
      const kept = KeptRateSchema.safeParse(entry).data;
      return kept ? [[currency, kept] as const] : [];
    }),
  );
}
