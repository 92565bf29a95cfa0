/** The derived API files: what each holds, made from the loaded record. Null means: not available, and the index says why. */
import type { z } from "zod";
import type { Coin } from "../../pipeline/schema/coin.ts";
import { SNAPSHOT_NAMES, SNAPSHOTS } from "../../pipeline/schema/datasets.ts";
import type { EnvelopeHead } from "../../pipeline/schema/envelope.ts";
import type { SupplyWindow } from "../../pipeline/schema/supply.ts";
import { changeRatio } from "../lib/format.ts";
import { quoteSeries } from "../lib/quote-history.ts";
import { nonUsdShares, reconciledCharts } from "../lib/reconciled-charts.ts";
import { type SiteRecord, totalUsd } from "../lib/record.ts";
import { laneInterval } from "../lib/watched.ts";
import type {
  ChainAmountsSchema,
  CoinFileSchema,
  CoinQuotesFileSchema,
  HealthFileSchema,
  NonUsdShareFileSchema,
  StablecoinChartsFileSchema,
  StablecoinsFileSchema,
  SupplyHistoryFileSchema,
} from "./schemas.ts";

/** The head of a snapshot under another dataset's name: same run, same times, same word on its own state. */
export function headOf(head: EnvelopeHead, dataset: string, sources = head.sources): EnvelopeHead {
  const { schemaVersion, snapshotId, runId, generatedAt, asOf, status, reasons, simulated, methodologyVersion } = head;
  return {
    schemaVersion,
    dataset,
    snapshotId,
    runId,
    generatedAt,
    asOf,
    status,
    reasons,
    simulated,
    methodologyVersion,
    sources,
  };
}

function chainAmounts(chains: Record<string, SupplyWindow> | undefined) {
  if (!chains || Object.keys(chains).length === 0) return null;
  const out: Record<string, z.infer<typeof ChainAmountsSchema>> = {};
  for (const [chain, usd] of Object.entries(chains))
    out[chain] = {
      current: usd.current,
      circulatingPrevDay: usd.prevDay,
      circulatingPrevWeek: usd.prevWeek,
      circulatingPrevMonth: usd.prevMonth,
    };
  return out;
}

export function stablecoinsData(record: SiteRecord): z.infer<typeof StablecoinsFileSchema> | null {
  const data = record.snapshots.stablecoins?.data;
  if (!data) return null;
  return {
    ...data,
    peggedAssets: data.peggedAssets.map((asset) => ({
      ...asset,
      chainCirculating: chainAmounts(record.supplyById.get(asset.id)?.chains),
    })),
  };
}

export function coinData(record: SiteRecord, coin: Coin): z.infer<typeof CoinFileSchema> | null {
  const asset = record.assetById.get(coin.id);
  if (!asset) return null;
  const current = totalUsd(asset.circulating);
  const prevDay = totalUsd(asset.circulatingPrevDay);
  const prevWeek = totalUsd(asset.circulatingPrevWeek);
  const prevMonth = totalUsd(asset.circulatingPrevMonth);
  return {
    id: asset.id,
    name: asset.name,
    symbol: asset.symbol,
    pegType: asset.pegType,
    pegCurrency: asset.pegCurrency,
    pegMechanism: asset.pegMechanism,
    state: asset.state,
    priceUsd: asset.price,
    priceReason: asset.priceReason,
    priceSource: asset.priceSource,
    priceConfidence: asset.priceConfidence,
    priceUpdatedAt: asset.priceUpdatedAt,
    consensusSources: asset.consensusSources,
    agreeSources: asset.agreeSources,
    pegReferenceUsd: asset.pegReferenceUsd,
    deviationBps: asset.deviationBps,
    deviationReason: asset.deviationReason,
    supplySource: asset.supplySource,
    supplyReason: asset.supplyReason,
    supplyByPegUsd: asset.circulating,
    supplyUsd: {
      current,
      prevDay,
      prevWeek,
      prevMonth,
      change1d: changeRatio(current, prevDay),
      change7d: changeRatio(current, prevWeek),
      change30d: changeRatio(current, prevMonth),
    },
    chainCount: asset.chains.length,
    updatedAt: asset.priceUpdatedAt,
    chainCirculating: chainAmounts(record.supplyById.get(coin.id)?.chains),
    quotes: record.snapshots["price-quotes"]?.data.quotes[coin.id] ?? [],
    deployments: coin.deployments,
  };
}

export function supplyHistoryData(record: SiteRecord, id: string): z.infer<typeof SupplyHistoryFileSchema> | null {
  const points = record.history.supplies.get(id);
  return points?.map(({ date, circulatingUsd, priceUsd }) => ({ date, circulatingUsd, price: priceUsd })) ?? null;
}

/** A day of one coin's quotes; a single version where the build has no past to read. */
export function coinQuotesData(record: SiteRecord, id: string): z.infer<typeof CoinQuotesFileSchema> | null {
  const [first] = record.quoteVersions;
  return first ? { fromSec: first.asOf, sources: quoteSeries(record.quoteVersions, id) } : null;
}

/** History by day, coins beside the upstream's list included, ended by the sum of the current list so that the chart ends at the number the home page shows. */
export function chartsData(record: SiteRecord): z.infer<typeof StablecoinChartsFileSchema> | null {
  const charts = reconciledCharts(record.history.charts, record.registry.coins, record.history.supplies);
  const now = record.snapshots.stablecoins;
  if (charts.length === 0 || !now) return null;
  const live: Record<string, number> = {};
  for (const asset of now.data.peggedAssets)
    for (const [pegType, usd] of Object.entries(asset.circulating ?? {})) live[pegType] = (live[pegType] ?? 0) + usd;
  return [...charts.filter(({ date }) => date < now.asOf), { date: now.asOf, totalCirculatingUSD: live }].map(
    (point) => ({
      date: String(point.date),
      totalCirculatingUSD: point.totalCirculatingUSD,
    }),
  );
}

/** By completed day; null before the first. */
export function nonUsdShareData(record: SiteRecord): z.infer<typeof NonUsdShareFileSchema> | null {
  const shares = nonUsdShares(record.registry.coins, record.history.supplies);
  return shares.length > 0 ? shares : null;
}

/** A dataset is healthy up to 1.5 intervals, the record degraded beyond that and stale beyond 2. */
export function healthData(record: SiteRecord): z.infer<typeof HealthFileSchema> | null {
  const status = record.snapshots.status;
  if (!status || record.newestAsOf === null) return null;
  const caches: z.infer<typeof HealthFileSchema>["caches"] = {};
  let worstRatio = 0;
  for (const name of SNAPSHOT_NAMES) {
    if (name === "status") continue;
    const snapshot = record.snapshots[name];
    const { lane } = SNAPSHOTS[name];
    const isTried = status.data.lanes.some((state) => state.lane === lane);
    // A lane that never ran in this record promises nothing yet.
    if (!snapshot && !isTried) continue;
    const maxAge = laneInterval(record, lane);
    const ageSeconds = snapshot ? Math.max(0, record.newestAsOf - snapshot.asOf) : null;
    const ratio = ageSeconds === null ? Number.POSITIVE_INFINITY : ageSeconds / maxAge;
    worstRatio = Math.max(worstRatio, ratio);
    caches[name] = { ageSeconds, maxAge, healthy: ratio <= 1.5 };
  }
  const byAge = worstRatio > 2 ? "stale" : worstRatio > 1.5 ? "degraded" : "healthy";
  const order = ["healthy", "degraded", "stale"] as const;
  return {
    status: order[Math.max(order.indexOf(byAge), order.indexOf(status.data.health))] ?? "stale",
    timestamp: record.newestAsOf,
    warnings: status.data.warnings,
    caches,
    circuits: Object.fromEntries(
      Object.entries(status.data.circuits).map(([name, { state, consecutiveFailures, lastSuccessAt }]) => [
        name,
        { state, consecutiveFailures, lastSuccessAt },
      ]),
    ),
  };
}
