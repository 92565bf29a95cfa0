/** Cases of `vectors/depegs-and-indices.json` about discovery candidates. */
import { z } from "zod";
import { listOf, MaybeNumber, MaybeText, NumberOrNaN } from "../conformance/input.ts";
import { discoveryFilter, discoveryPurge, discoveryRunStatus, discoveryUpsert } from "./candidates.ts";

const text = MaybeText.transform((value) => value ?? "");
const flag = z
  .union([z.boolean(), z.literal(0).transform(() => false), z.literal(1).transform(() => true)])
  .nullish()
  .transform((value) => value ?? false);
const Source = z.enum(["defillama", "coingecko", "both"]);
const FilterInput = z.object({
  rows: listOf(z.object({ id: text, symbol: text, name: text, marketCap: MaybeNumber })),
  trackedIds: listOf(z.string()),
});
const UpsertInput = z.object({
  existing: z
    .object({
      source: Source,
      name: text,
      marketCap: NumberOrNaN,
      firstSeen: NumberOrNaN,
      lastSeen: NumberOrNaN,
      dismissed: flag,
      dismissedAt: MaybeNumber,
      dismissedMcap: MaybeNumber,
    })
    .nullish()
    .transform((record) => record ?? null),
  incoming: z.object({ source: Source, marketCap: NumberOrNaN, name: text }),
  nowSec: NumberOrNaN,
});
const PurgeInput = z.object({
  rows: listOf(z.object({ id: z.union([z.number(), z.string()]), dismissed: flag, dismissedAt: MaybeNumber })),
  nowSec: NumberOrNaN,
});
const RunInput = z.object({ weekdayUtc: NumberOrNaN, circuitOpen: flag, fetchOk: z.boolean().nullish() });

export const conformance: Record<string, (input: unknown) => unknown> = {
  discoveryFilter(input) {
    const { rows, trackedIds } = FilterInput.parse(input);
    return discoveryFilter(rows, new Set(trackedIds));
  },
  discoveryUpsert(input) {
    const { existing, incoming, nowSec } = UpsertInput.parse(input);
    return discoveryUpsert(existing, incoming, nowSec);
  },
  discoveryPurge(input) {
    const { rows, nowSec } = PurgeInput.parse(input);
    return discoveryPurge(rows, nowSec);
  },
  discoveryRunStatus(input) {
    const { weekdayUtc, circuitOpen, fetchOk } = RunInput.parse(input);
    return discoveryRunStatus(weekdayUtc, circuitOpen, fetchOk ?? null);
  },
};
