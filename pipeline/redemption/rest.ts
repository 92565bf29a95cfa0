/**
 * Rows as they are published: amounts in four digits, at rest while they move by less than half a per cent.
 *
 * Scores are computed on exact amounts first. Supply moves all day; whether a hundred million or a hundred and a quarter can come
 * due in the end decides nothing.
 */
import type { CapacityProfile, RedemptionRow } from "../schema/redemption.ts";

const RESTS_WITHIN_SHARE = 0.005;
const DIGITS = 4;

/** A nothing never rests into something, nor something into nothing. */
function resting(now: number | null, before: number | null | undefined): number | null {
  if (now === null || now === 0) return now;
  if (before && before > 0 && Math.abs(now - before) <= RESTS_WITHIN_SHARE * before) return before;
  return Number(now.toPrecision(DIGITS));
}

const AMOUNTS = ["immediateUsd", "eventualUsd", "scoringUsd", "queuedUsd", "modeledExitSizeUsd"] as const;

export function restingRow(row: RedemptionRow, before: RedemptionRow | undefined): RedemptionRow {
  const last = before?.provider === row.provider ? before : undefined;
  const profile: CapacityProfile = { ...row.capacityProfile };
  for (const key of AMOUNTS) profile[key] = resting(profile[key], last?.capacityProfile[key]);
  const queue =
    row.queueDepthUsd === undefined ? {} : { queueDepthUsd: resting(row.queueDepthUsd, last?.queueDepthUsd) ?? 0 };
  return {
    ...row,
    immediateCapacityUsd: resting(row.immediateCapacityUsd, last?.immediateCapacityUsd),
    immediateCapacityRatio: resting(row.immediateCapacityRatio, last?.immediateCapacityRatio),
    capacityProfile: profile,
    ...queue,
  };
}
