/**
 * Redemption: for every coin with a known route, how credibly a holder gets out at or near par. Every four hours, after the reserves.
 *
 * Reads published datasets only; nothing is fetched. A missing or old DEX snapshot is used as far as it goes and named. Without the
 * list of stablecoins nothing is known and nothing is written. One coin's failure is one failed row.
 */
import type { Lane, LaneContext, LaneResult } from "../lane.ts";
import { everySecOf } from "../lanes.ts";
import { routeOf } from "../redemption-defaults.ts";
import { REDEMPTION_VERSION } from "../redemption-figures.ts";
import type { Coin } from "../schema/coin.ts";
import type { Reason } from "../schema/envelope.ts";
import type { RedemptionRow } from "../schema/redemption.ts";
import { REDEMPTION_HISTORY } from "../schema/redemption-history.ts";
import type { RedemptionRoute } from "../schema/redemption-route.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import { buildRow, type RowInputs } from "./build-row.ts";
import type { CoinLinks } from "./docs.ts";
import { failedRow } from "./failed-row.ts";
import { closedDay, STATE_NAME } from "./history.ts";
import { readLiveFee, readTelemetry } from "./live-telemetry.ts";
import { methodology } from "./methodology.ts";
import { restingRow } from "./rest.ts";
import { countsOf, type RunFacts, runMetadata } from "./run-metadata.ts";
import { runStatus } from "./runs.ts";
import { severeDepegAvailability } from "./severe-depeg.ts";

const HOUR_SEC = 3_600;
/** An older list of stablecoins says nothing of today's supply. */
const STABLECOINS_USABLE_SEC = 4 * HOUR_SEC;

function notKnown(message: string): LaneResult {
  return {
    status: "error",
    reasons: [{ code: "stablecoins-not-current", message }],
    snapshots: {},
    withheld: ["redemption-backstops"],
    history: [],
    state: {},
    counts: {},
  };
}

/** Sum of all buckets in USD; null where any is missing or none is there. */
export function supplyUsdOf(asset: Pick<PeggedAsset, "circulating"> | undefined): number | null {
  const buckets = Object.values(asset?.circulating ?? {});
  if (buckets.length === 0 || !buckets.every(Number.isFinite)) return null;
  return buckets.reduce((sum, usd) => sum + usd, 0);
}

function linksOf(coin: Coin): CoinLinks {
  const display = coin.reserveAdapter?.displayUrl;
  return {
    liveReserveDisplay: display ? { label: "Live reserves", url: display } : null,
    links: coin.website ? [{ label: "Website", url: coin.website }] : [],
  };
}

interface Preloaded {
  dexScore(coinId: string): number | null;
  liquidityStale: boolean;
  warnings: string[];
  severe: ReturnType<typeof severeDepegAvailability>;
}

function preload(context: LaneContext, coins: readonly Coin[]): Preloaded {
  const { nowSec } = context;
  const warnings: string[] = [];
  const dex = context.published("dex-liquidity");
  const liquidityStale = dex === null || nowSec - dex.asOf > 2 * everySecOf("dex-liquidity");
  const depegs = context.published("depeg-events");
  if (depegs === null) warnings.push("open depegs are not published yet, so no route is held against them");
  if (context.published("reserves") === null) warnings.push("live reserves are not published yet");
  const open = (depegs?.data.events ?? []).filter((event) => event.endedAt === null);
  const wrappers = coins.map(({ id, variantOf, peg }) => ({ id, variantOf, pegReferenceId: peg.referenceId }));
  return {
    dexScore: (coinId) => dex?.data[coinId]?.liquidityScore ?? null,
    liquidityStale,
    warnings,
    severe: severeDepegAvailability(open, wrappers, nowSec),
  };
}

function reasonsOf(facts: RunFacts, rows: readonly RedemptionRow[]): Reason[] {
  const counts = countsOf(facts);
  const { missingCapacityOkThreshold: tolerance } = runStatus(counts);
  const reasons: Reason[] = [];
  const failed = rows.filter((row) => row.resolutionState === "failed").map((row) => row.stablecoinId);
  if (failed.length > 0) reasons.push({ code: "rows-failed", message: `could not be computed: ${failed.join(", ")}` });
  if (facts.missingFromCache.length > 0)
    reasons.push({
      code: "missing-from-cache",
      message: `${facts.missingFromCache.length} configured coins have no supply in today's list`,
    });
  if ((counts.missingCapacity ?? 0) > tolerance)
    reasons.push({
      code: "missing-capacity",
      message: `${counts.missingCapacity} routes have no usable capacity, ${tolerance} would be tolerated`,
    });
  if (facts.liquidityStale)
    reasons.push({
      code: "liquidity-stale",
      message: "DEX liquidity is not current; exits use what was last known of it",
    });
  for (const message of facts.warnings) reasons.push({ code: "preload-warning", message });
  return reasons;
}

type Telemetry = Pick<RowInputs, "live" | "liveFee">;

/** A coin's row; where its telemetry or anything else cannot be read, a failed one. */
function rowOf(
  base: Omit<RowInputs, keyof Telemetry>,
  read: () => Telemetry,
  log: (line: string) => void,
): RedemptionRow {
  try {
    return buildRow({ ...base, ...read() });
  } catch (error) {
    log(`redemption: ${base.stablecoinId}: ${error instanceof Error ? error.message : error}`);
    return failedRow({ ...base, live: { usable: false }, liveFee: { unusable: null } });
  }
}

export const redemptionLane: Lane = {
  name: "redemption",
  async run(context): Promise<LaneResult> {
    const { nowSec, registry } = context;
    const stablecoins = context.published("stablecoins");
    if (stablecoins === null) return notKnown("the list of stablecoins is not published yet");
    if (nowSec - stablecoins.asOf > STABLECOINS_USABLE_SEC)
      return notKnown("the list of stablecoins is older than four hours");

    const coins = registry.coins.filter((coin) => coin.redemptionRoute !== null);
    const routes = new Map<string, RedemptionRoute>(
      coins.map((coin) => [coin.id, routeOf(coin.redemptionRoute as NonNullable<Coin["redemptionRoute"]>)]),
    );
    const assets = new Map(stablecoins.data.peggedAssets.map((asset) => [asset.id, asset]));
    const reserves = context.published("reserves")?.data.coins ?? {};
    const last = context.published("redemption-backstops");
    const inputs = preload(context, coins);
    const rows = coins.map((coin) => {
      const source = reserves[coin.id] ?? null;
      return rowOf(
        {
          stablecoinId: coin.id,
          route: routes.get(coin.id) as RedemptionRoute,
          supplyUsd: supplyUsdOf(assets.get(coin.id)),
          dexLiquidityScore: inputs.dexScore(coin.id),
          adapterCapacity: source?.telemetry.capacity ?? "none",
          severe: inputs.severe.get(coin.id) ?? null,
          links: linksOf(coin),
          nowSec,
          methodologyVersion: REDEMPTION_VERSION,
        },
        () => ({ live: readTelemetry(coin.id, source, nowSec), liveFee: readLiveFee(coin.id, source, nowSec) }),
        context.log,
      );
    });
    const missingFromCache = coins.filter(({ id }) => supplyUsdOf(assets.get(id)) === null).map(({ id }) => id);
    const { liquidityStale, warnings } = inputs;
    const facts: RunFacts = { routes, rows, missingFromCache, liquidityStale, warnings };
    const { status } = runStatus(countsOf(facts));
    const metadata = runMetadata(facts);
    const reasons = reasonsOf(facts, rows);
    const counts = {
      configured: routes.size,
      resolved: metadata.resolved,
      impaired: metadata.availabilityDegraded,
      missingCapacity: metadata.unresolvedMissingCapacity,
      live: metadata.dynamic,
    };
    if (status === "error")
      return {
        ...notKnown(""),
        reasons: [{ code: "nothing-resolved", message: "not a single route could be resolved" }, ...reasons],
        counts,
      };

    const day = closedDay(last, context.state(STATE_NAME), nowSec);
    const published = Object.fromEntries(
      rows.map((row) => [row.stablecoinId, restingRow(row, last?.data.coins[row.stablecoinId])]),
    );
    return {
      status,
      reasons,
      snapshots: {
        "redemption-backstops": {
          asOf: nowSec,
          sources: [
            { id: "dataset:stablecoins", observedAt: stablecoins.asOf },
            ...(["reserves", "dex-liquidity", "depeg-events"] as const).flatMap((name) => {
              const read = context.published(name);
              return read === null ? [] : [{ id: `dataset:${name}`, observedAt: read.asOf }];
            }),
          ],
          data: {
            coins: published,
            methodology: methodology(),
            updatedAt: nowSec,
            run: {
              runId: `redemption:${nowSec}`,
              startedAt: nowSec,
              completedAt: nowSec,
              status: "completed",
              expectedCount: routes.size,
              writtenCount: rows.length,
              methodologyVersion: REDEMPTION_VERSION,
              minUpdatedAt: rows.length > 0 ? nowSec : null,
              maxUpdatedAt: rows.length > 0 ? nowSec : null,
              metadata,
            },
          },
        },
      },
      history: day.rows.length > 0 ? [{ dataset: REDEMPTION_HISTORY, rows: day.rows }] : [],
      state: day.state === null ? {} : { [STATE_NAME]: day.state },
      counts,
    };
  },
};
