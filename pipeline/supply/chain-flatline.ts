/**
 * The flatline guard: a chain all of whose parts stand still while the rest of the market moves is a feed that froze, not a calm.
 *
 * Most coins rest on most days, so stillness alone says nothing. What is judged is the chance: with a share `m` of the large parts
 * on other chains moving over the same days, `n` parts stand still together by themselves with (1 - m)^n. Below one in ten thousand the
 * chain is named, and it stays named until a part of it moves: time does not make a frozen feed a fresh one. A chain whose parts have
 * not moved for a month either is one that nobody uses, and is left alone. Ours; the reference has no such guard.
 */
import type { LlamaAsset } from "../sources/defillama.ts";

/** Smaller parts rest for months. */
const MATERIAL_USD = 1_000_000;
const CHANCE = 1 / 10_000;
/** One or two parts may rest together for as long as they like. */
const MIN_PARTS = 3;
/** Figures of one list carry the rounding of their division by a price. */
const SAME_WITHIN_SHARE = 1e-9;

type Since = "prevDayUsd" | "prevWeekUsd" | "prevMonthUsd";

interface Part {
  chain: string;
  usd: number;
  before: Record<Since, number | null>;
}

function materialParts(assets: readonly LlamaAsset[]): Part[] {
  return assets.flatMap(({ chains, chainsBefore }) =>
    Object.entries(chains).flatMap(([chain, usd]): Part[] => {
      const before = chainsBefore[chain];
      return usd !== null && usd >= MATERIAL_USD && before ? [{ chain, usd, before }] : [];
    }),
  );
}

/** Whether a part stands where it stood; null where its earlier amount is not known. */
function stands({ usd, before }: Part, since: Since): boolean | null {
  const then = before[since];
  return then === null ? null : Math.abs(usd - then) <= SAME_WITHIN_SHARE * usd;
}

function count(parts: readonly Part[], since: Since): { known: number; still: number } {
  const known = parts.map((part) => stands(part, since)).filter((still) => still !== null);
  return { known: known.length, still: known.filter(Boolean).length };
}

function isFlat(here: readonly Part[], elsewhere: readonly Part[], since: Since): boolean {
  const { known, still } = count(here, since);
  const others = count(elsewhere, since);
  if (known < MIN_PARTS || still < known) return false;
  // Few parts elsewhere say little of how calm it is: one still and one moved are added to them.
  const calm = (others.still + 1) / (others.known + 2);
  return calm ** known < CHANCE;
}

/** Chains whose feed froze, with the time each was first seen so: unix seconds by DefiLlama's chain name. `before` is the last run's. */
export function flatChains(
  assets: readonly LlamaAsset[],
  before: Readonly<Record<string, number>>,
  nowSec: number,
): Record<string, number> {
  const parts = materialParts(assets);
  const flat: Record<string, number> = {};
  for (const [chain, here] of Map.groupBy(parts, (part) => part.chain)) {
    const elsewhere = parts.filter((part) => part.chain !== chain);
    const month = count(here, "prevMonthUsd");
    const isUnused = month.known > 0 && month.still === month.known;
    const isNew = !isUnused && (isFlat(here, elsewhere, "prevDayUsd") || isFlat(here, elsewhere, "prevWeekUsd"));
    const day = count(here, "prevDayUsd");
    const stays = before[chain] !== undefined && day.still === day.known;
    if (isNew || stays) flat[chain] = before[chain] ?? nowSec;
  }
  return flat;
}
