/**
 * What DEX prices and single pools say about a depeg. Depeg methodology, sections 2, 5 and 6.
 *
 * One protocol repeating itself is one voice: sources are counted by family. A row that is young and deep enough still needs
 * two families of one mind; pools need two groups, or one pool so deep that nobody moves it by accident.
 */
import type { Direction } from "../schema/depegs.ts";
import type { DexPrice } from "../schema/liquidity.ts";
import { type DirectionalStatus, depegSignal, directionalStatus } from "./signal.ts";

export interface DexRow {
  priceUsd: number;
  updatedAt: number;
  totalTvlUsd: number;
  protocols: readonly { protocol: string; family: string | null; priceUsd: number }[];
}

export interface PoolPrice {
  protocol: string;
  sourceFamily: string;
  priceUsd: number;
  tvlUsd: number;
}

export type DexTier = "ui" | "depeg";

const TIERS: Record<DexTier, { maxAgeSec: number; minTvlUsd: number }> = {
  ui: { maxAgeSec: 3_600, minTvlUsd: 250_000 },
  depeg: { maxAgeSec: 2_100, minTvlUsd: 1_000_000 },
};
const GROUPS_NEEDED = 2;
const MIN_POOL_TVL_USD = 100_000;
const HIGH_TVL_USD = 5_000_000;

/** Whether a DEX row may be shown ("ui") or may decide about depegs ("depeg"). */
export function trustedDexRow(
  row: Pick<DexRow, "updatedAt" | "totalTvlUsd">,
  tier: DexTier,
  nowSec: number,
  maxAgeSec = TIERS[tier].maxAgeSec,
): boolean {
  const age = nowSec - row.updatedAt;
  return age >= 0 && age < maxAgeSec && row.totalTvlUsd >= TIERS[tier].minTvlUsd;
}

/** Whether DEX observations of this time may still decide about depegs. */
export function isYoung(observedAt: number, nowSec: number): boolean {
  const age = nowSec - observedAt;
  return age >= 0 && age < TIERS.depeg.maxAgeSec;
}

/** A published DEX price as evidence; `observedAt` is the dataset's. */
export function dexRowOf(price: DexPrice, observedAt: number): DexRow {
  return {
    priceUsd: price.priceUsd,
    updatedAt: observedAt,
    totalTvlUsd: price.totalTvlUsd,
    protocols: price.protocols.map(({ protocol, family, priceUsd }) => ({ protocol, family, priceUsd })),
  };
}

export function poolPricesOf(price: DexPrice): PoolPrice[] {
  return price.pools.map(({ protocol, family, priceUsd, tvlUsd }) => ({
    protocol,
    sourceFamily: family,
    priceUsd,
    tvlUsd,
  }));
}

interface Question {
  reference: number;
  barBps: number;
  direction: Direction;
}

/** Each group's say: its most extreme price for and against, its price closest to par for recovery. */
function groupVoices<Voice extends { priceUsd: number }>(
  voices: readonly Voice[],
  groupOf: (voice: Voice) => string,
  { reference, barBps, direction }: Question,
): Map<string, { extreme: DirectionalStatus; closest: DirectionalStatus }> {
  const groups = Map.groupBy(
    voices.filter((voice) => depegSignal(voice.priceUsd, reference) !== null),
    groupOf,
  );
  const absBps = (voice: Voice) => depegSignal(voice.priceUsd, reference)?.absBps ?? 0;
  return new Map(
    [...groups].map(([group, members]) => {
      const sorted = [...members].sort((a, b) => absBps(b) - absBps(a));
      const status = (voice: Voice | undefined) => directionalStatus(voice?.priceUsd, reference, barBps, direction);
      return [group, { extreme: status(sorted[0]), closest: status(sorted.at(-1)) }];
    }),
  );
}

function groupsSaying(voices: ReturnType<typeof groupVoices>, status: "confirm" | "contradict" | "recover"): string[] {
  return [...voices]
    .filter(([, voice]) => (status === "recover" ? voice.closest : voice.extreme) === status)
    .map(([group]) => group);
}

export interface Verdict {
  status: DirectionalStatus;
  /** Who says so. */
  groups: string[];
  /** The price that says it most strongly; null when nobody does. */
  priceUsd: number | null;
}

const NOBODY: Verdict = { status: "insufficient", groups: [], priceUsd: null };

/** The word of a trusted row, heard only when two protocol groups say the same as the row. */
export function dexVerdict(row: DexRow | null, question: Question): Verdict {
  const status = directionalStatus(row?.priceUsd, question.reference, question.barBps, question.direction);
  if (!row || status === "insufficient") return NOBODY;
  const groups = groupsSaying(
    groupVoices(row.protocols, ({ family, protocol }) => family ?? protocol, question),
    status,
  );
  return groups.length >= GROUPS_NEEDED ? { status, groups, priceUsd: row.priceUsd } : NOBODY;
}

export interface PoolCounts {
  confirmGroups: number;
  /** A confirming pool of five million dollars or more. */
  highTvlConfirm: boolean;
  contradictGroups: number;
  recoverGroups: number;
}

export function poolStatus({
  confirmGroups,
  highTvlConfirm,
  contradictGroups,
  recoverGroups,
}: PoolCounts): DirectionalStatus {
  if (highTvlConfirm || confirmGroups >= GROUPS_NEEDED) return "confirm";
  if (confirmGroups > 0) return "insufficient";
  if (contradictGroups > 0) return "contradict";
  return recoverGroups > 0 ? "recover" : "insufficient";
}

export function poolVerdict(pools: readonly PoolPrice[], question: Question): Verdict {
  const { reference, barBps, direction } = question;
  const says = (pool: PoolPrice) => directionalStatus(pool.priceUsd, reference, barBps, direction);
  const deep = pools
    .filter((pool) => pool.tvlUsd >= MIN_POOL_TVL_USD)
    .sort((a, b) => Math.abs(b.priceUsd / reference - 1) - Math.abs(a.priceUsd / reference - 1));
  const voices = groupVoices(deep, ({ protocol, sourceFamily }) => `${protocol}:${sourceFamily}`, question);
  const status = poolStatus({
    confirmGroups: groupsSaying(voices, "confirm").length,
    highTvlConfirm: deep.some((pool) => pool.tvlUsd >= HIGH_TVL_USD && says(pool) === "confirm"),
    contradictGroups: groupsSaying(voices, "contradict").length,
    recoverGroups: groupsSaying(voices, "recover").length,
  });
  if (status === "insufficient") return NOBODY;
  const strongest = deep.find((pool) => says(pool) === status);
  return { status, groups: groupsSaying(voices, status), priceUsd: strongest?.priceUsd ?? null };
}
