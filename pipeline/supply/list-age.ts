/**
 * How old a list really is, although it carries no time: a list we have seen before is as old as our first sight of it.
 *
 * A cache between us and the upstream can serve the list of three days ago as today's. DefiLlama recomputes hourly, so the
 * same figures for every asset hours later are not news. We keep a fingerprint of every list of the last week.
 */
import { z } from "zod";
import { canonicalLine } from "../publish/canonical-json.ts";
import { sha256 } from "../publish/hash.ts";
import { DAY_SEC } from "../time.ts";

const REMEMBER_SEC = 7 * DAY_SEC;
/** Older than this, a list is not published again as if it were new. */
export const MAX_LIST_AGE_SEC = 6 * 3600;

/** Fingerprint to the unix second it was first seen. */
export const SeenListsSchema = z.record(z.string(), z.number());
export type SeenLists = z.infer<typeof SeenListsSchema>;

interface Figure {
  llamaId: string;
  circulatingUsd: number | null;
  priceUsd: number | null;
}

/** Short name of the figures of a list, whatever their order. */
export function listFingerprint(rows: readonly Figure[]): string {
  const figures = rows
    .map((row) => [row.llamaId, row.circulatingUsd, row.priceUsd])
    .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  return sha256(canonicalLine(figures)).slice(0, 12);
}

/** Age of a list in seconds (0 when it is new to us) and the memory to keep. */
export function listAge(seen: SeenLists, fingerprint: string, nowSec: number): { ageSec: number; seen: SeenLists } {
  const kept = Object.fromEntries(Object.entries(seen).filter(([, at]) => nowSec - at < REMEMBER_SEC));
  const firstSeen = kept[fingerprint] ?? nowSec;
  return { ageSec: nowSec - firstSeen, seen: { ...kept, [fingerprint]: firstSeen } };
}
