/** Coins as the stress test scores them, from their published profiles alone: same edges, same order, same formula as the lane. */
import { scoringOrder } from "../../pipeline/scoring/dependency-graph.ts";
import { type Shock, type Standing, underShock } from "../../pipeline/scoring/stress-test.ts";
import type { CoinProfile } from "../api/profiles.ts";

/** Upstreams first; coins without a card are left out. */
export function standingsOf(coins: readonly CoinProfile[]): Standing[] {
  const carded = new Map(coins.filter(({ dimensions }) => dimensions !== null).map((coin) => [coin.id, coin]));
  const order = scoringOrder(new Map([...carded].map(([id, { dependencies }]) => [id, dependencies])));
  return order.ids.flatMap((id): Standing[] => {
    const coin = carded.get(id);
    if (!coin?.dimensions) return [];
    return [
      {
        id,
        governance: coin.governance,
        dimensions: coin.dimensions,
        activeDepegPeakBps: coin.activeDepegBps,
        navToken: coin.navToken,
        variantParentId: coin.parentId !== null && carded.has(coin.parentId) ? coin.parentId : null,
        isDefunct: coin.isDefunct,
        edges: order.edges.get(id) ?? [],
        score: coin.overallScore,
      },
    ];
  });
}

export const FAILURE_KINDS = ["coin", "maker", "chain", "route"] as const;

/** What fails: a coin, all coins of a maker, a chain, or the redemption route of a coin. */
export interface Failure {
  kind: (typeof FAILURE_KINDS)[number];
  /** Coin id, maker or chain name. */
  what: string;
}

/** A chain that stops takes down a coin of which more than this share of the supply lies on it. */
export const CHAIN_SHARE = 0.5;

/** Coins whose own score is set to 0, and exits that lose their route. */
export function shockOf(coins: readonly CoinProfile[], failures: readonly Failure[]): Shock {
  const scores = new Map<string, number>();
  const liquidity = new Map<string, number | null>();
  for (const { kind, what } of failures)
    for (const coin of coins) {
      const fails =
        (kind === "coin" && coin.id === what) ||
        (kind === "maker" && coin.maker === what) ||
        (kind === "chain" && (coin.chains?.[what] ?? 0) > CHAIN_SHARE);
      if (fails) scores.set(coin.id, 0);
      // A route that lifts nothing takes nothing with it when it closes.
      if (kind === "route" && coin.id === what && coin.exit?.lifts) liquidity.set(coin.id, coin.dexScore);
    }
  return { scores, liquidity };
}

export interface GradeMove {
  coin: CoinProfile;
  score: number | null;
  grade: string;
  /** The coin itself was failed, rather than what it stands on. */
  isDirect: boolean;
}

/** Every coin whose score changes, largest first. */
export function gradesAfter(coins: readonly CoinProfile[], failures: readonly Failure[]): GradeMove[] {
  const byId = new Map(coins.map((coin) => [coin.id, coin]));
  const shock = shockOf(coins, failures);
  return underShock(standingsOf(coins), shock)
    .flatMap(({ id, score, grade }): GradeMove[] => {
      const coin = byId.get(id);
      return coin ? [{ coin, score, grade, isDirect: shock.scores.has(id) || shock.liquidity.has(id) }] : [];
    })
    .sort((a, b) => (b.coin.supplyUsd ?? 0) - (a.coin.supplyUsd ?? 0) || (a.coin.id < b.coin.id ? -1 : 1));
}

/** "coin:usdc-circle,chain:Tron" and back; what cannot be read is left out. */
export function failuresFrom(text: string): Failure[] {
  return text.split(",").flatMap((part): Failure[] => {
    const at = part.indexOf(":");
    const [kind, what] = [part.slice(0, at), part.slice(at + 1)];
    const known = FAILURE_KINDS.find((each) => each === kind);
    return known && what !== "" ? [{ kind: known, what }] : [];
  });
}

export function failuresText(failures: readonly Failure[]): string {
  return failures.map(({ kind, what }) => `${kind}:${what}`).join(",");
}
