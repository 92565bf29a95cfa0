/**
 * Chains: the stablecoins on each chain, how they moved, and chain health. Safety methodology, section 5.
 *
 * Sums the supply lane's parts by chain; coins that are dead, delisted or frozen are left out. Grades of the same day give quality;
 * without them a chain has no health, and says so.
 */
import type { Lane, LaneContext, LaneResult } from "../lane.ts";
import type { ChainRow } from "../schema/chains.ts";
import type { Coin } from "../schema/coin.ts";
import type { Reason } from "../schema/envelope.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import type { CoinSupply } from "../schema/supply.ts";
import {
  chainBackingDiversity,
  chainConcentration,
  chainEnvironment,
  chainEnvironmentFallback,
  chainHealthBand,
  chainHealthScore,
  chainPegStability,
  chainQuality,
} from "./chain-health.ts";
import { changes, type Moved, sumOf } from "./chain-sums.ts";

const MIN_RATED_SHARE = 0.5;
const MAX_CARDS_AGE_SEC = 2 * 3600;
const TOP_COINS = 5;
const GONE: readonly string[] = ["dead", "delisted", "frozen"];
const HEALTH_VERSION = "1.4";
/** Resilience tier where no rollup is on file and it is not 3: Ethereum, then the large chains of their own. */
const TIERS: Readonly<Record<string, number>> = {
  "eip155:1": 1,
  "eip155:56": 2,
  "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp": 2,
};

interface CoinHere extends Moved {
  coin: Coin;
  asset: PeggedAsset | undefined;
  safetyScore: number | null;
}

function notSummed(code: string, message: string): LaneResult {
  return {
    status: "degraded",
    reasons: [{ code, message }],
    snapshots: {},
    withheld: ["chains"],
    history: [],
    state: {},
    counts: {},
  };
}

/** Four significant digits: parts by chain are taken once a day and prices move them in between. */
function roundTotal(usd: number): number {
  return Number(usd.toPrecision(4));
}

function share(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

function coinsByChain(context: LaneContext, supply: readonly CoinSupply[], cards: ReadonlyMap<string, number | null>) {
  const { registry } = context;
  const assets = new Map(context.published("stablecoins")?.data.peggedAssets.map((asset) => [asset.id, asset]));
  const byChain = new Map<string, { name: string; coins: Map<string, CoinHere> }>();
  for (const { coinId, chains } of supply) {
    const coin = registry.coinById.get(coinId);
    if (!coin || GONE.includes(coin.status.state)) continue;
    for (const [name, usd] of Object.entries(chains)) {
      if (usd.current === null || usd.current <= 0) continue;
      const known = registry.chainByLlamaName.get(name);
      const id = known?.id ?? name;
      const chain = byChain.get(id) ?? { name: known?.name ?? name, coins: new Map<string, CoinHere>() };
      byChain.set(id, chain);
      const before = chain.coins.get(coinId);
      const here = { ...usd, current: usd.current };
      chain.coins.set(coinId, {
        ...(before ? sumOf([before, here]) : here),
        coin,
        asset: assets.get(coinId),
        safetyScore: cards.get(coinId) ?? null,
      });
    }
  }
  return byChain;
}

function healthReason(quality: number | null, hasCards: boolean): string | null {
  if (quality !== null) return null;
  return hasCards ? "less than half of the supply is rated" : "no current safety grades";
}

function chainRow(
  context: LaneContext,
  id: string,
  name: string,
  coins: readonly CoinHere[],
  hasCards: boolean,
): ChainRow {
  const chain = context.registry.chainById.get(id);
  const rollup = chain?.rollup ?? null;
  const total = coins.reduce((sum, { current }) => sum + current, 0);
  const sorted = [...coins].sort((a, b) => b.current - a.current || (a.coin.id < b.coin.id ? -1 : 1));
  const rows = coins.map(({ safetyScore, current }) => ({ safetyScore, supplyUsd: current }));
  const backed = (backing: Coin["backing"]) =>
    coins.reduce((sum, { coin, current }) => sum + (coin.backing === backing ? current : 0), 0);
  const factors = {
    quality: chainQuality(rows, MIN_RATED_SHARE),
    chainEnvironment: rollup ? chainEnvironment(rollup) : chainEnvironmentFallback(TIERS[id] ?? null),
    concentration: chainConcentration(coins.map(({ current }) => current / total)),
    pegStability: chainPegStability(
      coins.map(({ asset, current }) => ({
        price: asset?.price ?? null,
        pegRef: asset?.pegReferenceUsd ?? null,
        supplyUsd: current,
      })),
    ),
    backingDiversity: chainBackingDiversity({ "rwa-backed": backed("rwa"), "crypto-backed": backed("crypto") }),
  };
  const healthScore = chainHealthScore(factors);
  const rated = rows.reduce((sum, { safetyScore, supplyUsd }) => sum + (safetyScore === null ? 0 : supplyUsd), 0);
  const [largest] = sorted;
  const shareOf = (coin: CoinHere) => share(coin.current / total);
  return {
    id,
    slug: chain?.slug ?? name.toLowerCase().replace(/[^a-z0-9]+/g, "-"),
    name,
    type: id.startsWith("eip155:") ? "evm" : id.startsWith("tron:") ? "tron" : "other",
    totalUsd: roundTotal(total),
    ...changes(sumOf(coins)),
    stablecoinCount: coins.length,
    dominantStablecoin: largest ? { id: largest.coin.id, symbol: largest.coin.symbol, share: shareOf(largest) } : null,
    topStablecoins: sorted.slice(0, TOP_COINS).map((each) => ({
      id: each.coin.id,
      symbol: each.coin.symbol,
      share: shareOf(each),
      supplyUsd: roundTotal(each.current),
    })),
    dominanceShare: largest ? shareOf(largest) : null,
    healthScore,
    healthReason: healthReason(factors.quality, hasCards),
    healthBand: chainHealthBand(healthScore),
    healthFactors: factors,
    ratedShare: share(rated / total),
    chainEnvironmentEvidence: rollup ? "rollup" : "tier",
    rollup: rollup && { stage: rollup.stage, risks: rollup.risks, asOf: rollup.asOf, source: rollup.source },
  };
}

const REST_SHARE = 0.005;

/** The row as it was published, unless its total moved by half a per cent, its health by two points, or another coin leads. */
export function restingChain(now: ChainRow, before: ChainRow | undefined): ChainRow {
  if (!before) return now;
  const rests =
    Math.abs(now.totalUsd - before.totalUsd) <= REST_SHARE * before.totalUsd &&
    now.healthBand === before.healthBand &&
    Math.abs((now.healthScore ?? 0) - (before.healthScore ?? 0)) <= 1 &&
    now.healthReason === before.healthReason &&
    JSON.stringify(now.rollup) === JSON.stringify(before.rollup) &&
    now.stablecoinCount === before.stablecoinCount &&
    now.topStablecoins.map(({ id }) => id).join() === before.topStablecoins.map(({ id }) => id).join() &&
    Math.abs((now.change7dPct ?? 0) - (before.change7dPct ?? 0)) <= REST_SHARE &&
    Math.abs((now.change24hPct ?? 0) - (before.change24hPct ?? 0)) <= REST_SHARE &&
    (now.change30dPct === null) === (before.change30dPct === null);
  return rests ? before : now;
}

export const chainsLane: Lane = {
  name: "chains",
  async run(context) {
    const { nowSec, registry } = context;
    const supply = context.published("supply");
    const prices = context.published("stablecoins");
    if (!supply || !prices) return notSummed("supply-missing", "there is no supply by chain yet");
    const published = context.published("report-cards");
    const cards = published && nowSec - published.asOf <= MAX_CARDS_AGE_SEC ? published.data.cards : null;
    const reasons: Reason[] = cards
      ? []
      : [
          {
            code: published ? "report-cards-stale" : "report-cards-missing",
            message: "chain health needs current safety grades: no chain has a health score",
          },
        ];
    const byChain = coinsByChain(
      context,
      supply.data.coins,
      new Map((cards ?? []).map((card) => [card.id, card.overallScore])),
    );
    const before = new Map(context.published("chains")?.data.chains.map((row) => [row.id, row]));
    const chains = [...byChain]
      .map(([id, { name, coins }]) =>
        restingChain(chainRow(context, id, name, [...coins.values()], cards !== null), before.get(id)),
      )
      .sort((a, b) => b.totalUsd - a.totalUsd || (a.id < b.id ? -1 : 1));

    const eligible = supply.data.coins.filter(({ coinId, usd }) => {
      const coin = registry.coinById.get(coinId);
      return coin && !GONE.includes(coin.status.state) && usd.current !== null;
    });
    const global = sumOf(eligible.map(({ usd }) => ({ ...usd, current: usd.current ?? 0 })));
    const parts = [...byChain.values()].flatMap(({ coins }) => [...coins.values()]);
    const attributed = Math.min(
      global.current,
      parts.reduce((sum, { current }) => sum + current, 0),
    );
    const moved = changes(global);
    return {
      status: reasons.length > 0 ? "degraded" : "ok",
      reasons,
      snapshots: {
        chains: {
          asOf: prices.asOf,
          sources: [
            { id: "dataset:supply", observedAt: supply.asOf },
            { id: "dataset:stablecoins", observedAt: prices.asOf },
            ...(published ? [{ id: "dataset:report-cards", observedAt: published.asOf }] : []),
          ],
          data: {
            chains,
            globalTotalUsd: roundTotal(global.current),
            chainAttributedTotalUsd: roundTotal(attributed),
            unattributedTotalUsd: roundTotal(Math.max(0, global.current - attributed)),
            globalChange24hPct: moved.change24hPct,
            globalChange7dPct: moved.change7dPct,
            globalChange30dPct: moved.change30dPct,
            healthMethodologyVersion: HEALTH_VERSION,
          },
        },
      },
      history: [],
      state: {},
      counts: { chains: chains.length, healthy: chains.filter(({ healthScore }) => healthScore !== null).length },
    };
  },
};
