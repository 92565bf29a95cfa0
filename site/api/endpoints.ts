/**
 * The one list of API files. The index, the OpenAPI document, the JSON Schemas, llms.txt, the data page and the files themselves
 * are made from it: a new file is one entry here.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { snapshotPath } from "../../pipeline/publish/read-snapshot.ts";
import { SNAPSHOTS, type SnapshotName, snapshotSchema } from "../../pipeline/schema/datasets.ts";
import { type EnvelopeHead, envelopeOf } from "../../pipeline/schema/envelope.ts";
import { ManifestSchema } from "../../pipeline/schema/manifest.ts";
import { type RunManifest, RunManifestSchema } from "../../pipeline/schema/run-manifest.ts";
import type { Table } from "../lib/csv.ts";
import { EVENT_FILES, type EventFeed } from "../lib/flow-events.ts";
import type { SiteRecord } from "../lib/record.ts";
import { badgeData } from "./badges.ts";
import {
  chartsData,
  coinData,
  coinQuotesData,
  headOf,
  healthData,
  nonUsdShareData,
  stablecoinsData,
  supplyHistoryData,
} from "./bodies.ts";
import * as daily from "./daily.ts";
import * as exits from "./exits.ts";
import { FlowConfigsFileSchema, flowConfigsData } from "./flow-configs.ts";
import * as flows from "./flows.ts";
import { ProfilesFileSchema, profilesData } from "./profiles.ts";
import * as shapes from "./schemas.ts";
import * as tables from "./tables.ts";

export interface ApiEndpoint {
  /** Below /api/v1/, with {id} where there is one file a coin, run or day. */
  path: string;
  dataset: string;
  title: string;
  /** Of the whole file; null where the shape is somebody else's standard. */
  schema: z.ZodType | null;
  /** Values of {id}; a single file has none. */
  ids?: (record: SiteRecord) => string[];
  /** The file's content; null when it cannot be made yet. A string is written as it is. */
  body(record: SiteRecord, id: string): unknown;
  /** The same as a table, if it is one. */
  table?: (record: SiteRecord, id: string) => Table | null;
  /** The whole of it as Parquet, made by a route of its own. */
  parquet?: string;
  /** Why it may be missing. */
  missing: string | ((record: SiteRecord) => string);
}

function snapshot(name: SnapshotName, table?: (record: SiteRecord) => Table | null): ApiEndpoint {
  return {
    path: `${name}.json`,
    dataset: name,
    title: SNAPSHOTS[name].title,
    schema: snapshotSchema(name),
    body: (record) => record.snapshots[name],
    table,
    missing: "no-snapshot-yet",
  };
}

const coinIds = (record: SiteRecord) => record.registry.coins.map((coin) => coin.id);
const pricedIds = (record: SiteRecord) => [...record.assetById.keys()].filter((id) => record.registry.coinById.has(id));

/** data in the envelope of the snapshot it was made from. */
function within(record: SiteRecord, parent: SnapshotName, dataset: string, data: unknown): unknown {
  const head = record.snapshots[parent];
  if (data === null || !head) return null;
  return { ...headOf(head, dataset, [{ id: `dataset:${parent}`, observedAt: head.asOf }, ...head.sources]), data };
}

/** History speaks for the run of the daily lane that last added to it. */
function withinDaily(record: SiteRecord, dataset: string, data: unknown): unknown {
  const parent = record.snapshots.stablecoins;
  const daily = record.snapshots.status?.data.lanes.find((lane) => lane.lane === "daily");
  if (data === null || !parent) return null;
  const at = daily?.lastPublishedAt ?? parent.asOf;
  const head: EnvelopeHead = headOf(parent, dataset, [{ id: `history:${dataset}`, observedAt: at }]);
  const status = !daily || daily.status === "ok" ? "fresh" : "degraded";
  return {
    ...head,
    runId: daily?.lastRunId ?? parent.runId,
    generatedAt: at,
    asOf: at,
    status,
    reasons: daily?.reasons ?? [],
    data,
  };
}

/** A run with the hash of every snapshot of its that is still the newest. */
function withHashes(record: SiteRecord, run: RunManifest): z.infer<typeof RunManifestSchema> {
  const hashes = new Map(record.manifest?.files.map((file) => [file.path, file.sha256]));
  const hashOf = (dataset: string) =>
    record.snapshots[dataset as SnapshotName]?.runId === run.runId
      ? (hashes.get(snapshotPath(dataset as SnapshotName)) ?? null)
      : null;
  const lanes = run.lanes.map((lane) => ({
    ...lane,
    publications: lane.publications.map((each) => ({ ...each, sha256: hashOf(each.dataset) })),
  }));
  return { ...run, lanes };
}

function runFile(record: SiteRecord, run: RunManifest): unknown {
  return {
    schemaVersion: run.schemaVersion,
    dataset: "run",
    snapshotId: run.runId,
    runId: run.runId,
    generatedAt: run.startedAt,
    asOf: run.startedAt,
    status: run.status === "ok" ? "fresh" : "degraded",
    reasons: run.lanes.flatMap((lane) => lane.reasons),
    simulated: run.simulated,
    methodologyVersion: run.methodologyVersion,
    sources: run.sources.map(({ source }) => ({ id: source, observedAt: null })),
    data: withHashes(record, run),
  };
}

/** One question about every coin's events; further pages are there only for coins that have so many. */
function eventFiles(dataset: string, what: string, feed: EventFeed, page = 1): ApiEndpoint[] {
  return [
    {
      path: flows.eventsPath("{id}", feed, page),
      dataset,
      title: `One coin: ${what}; the Parquet file has them all`,
      schema: envelopeOf(flows.FlowEventsFileSchema),
      ids: (record) => flows.coinsWithPage(record, page),
      body: (record, id) =>
        within(record, "mint-burn-flows", "mint-burn-events", flows.coinEventsData(record, id, feed, page)),
      ...(feed === "all" && page === 1 ? { table: flows.eventsTable, parquet: flows.eventsParquetPath("{id}") } : {}),
      missing: page === 1 ? "no-snapshot-yet" : "no-coin-has-so-many-events",
    },
  ];
}

export const ENDPOINTS: readonly ApiEndpoint[] = [
  {
    path: "stablecoins.json",
    dataset: "stablecoins",
    title: "Every coin: price, deviation, supply in total and by chain",
    schema: envelopeOf(shapes.StablecoinsFileSchema),
    body: (record) => within(record, "stablecoins", "stablecoins", stablecoinsData(record)),
    table: tables.stablecoinsTable,
    missing: "no-snapshot-yet",
  },
  {
    path: "profiles.json",
    dataset: "profiles",
    title: "Every coin in one row: peg, size, chains, grade, what it stands on, what gets out now",
    schema: envelopeOf(ProfilesFileSchema),
    body: (record) => within(record, "stablecoins", "profiles", profilesData(record)),
    missing: "no-snapshot-yet",
  },
  {
    path: "stablecoins/{id}.json",
    dataset: "stablecoin",
    title: "One coin: summary, every quote with its verdict, supply by chain, deployments",
    schema: envelopeOf(shapes.CoinFileSchema),
    ids: pricedIds,
    body: (record, id) => {
      const coin = record.registry.coinById.get(id);
      return coin ? within(record, "stablecoins", "stablecoin", coinData(record, coin)) : null;
    },
    missing: "no-snapshot-yet",
  },
  {
    path: "supply-history/{id}.json",
    dataset: "supply-history",
    title: "One coin: supply and price by completed UTC day",
    schema: envelopeOf(shapes.SupplyHistoryFileSchema),
    ids: (record) => [...record.history.supplies.keys()],
    body: (record, id) => withinDaily(record, "supply-history", supplyHistoryData(record, id)),
    table: tables.supplyHistoryTable,
    missing: "no-history-yet",
  },
  {
    path: "stablecoin-charts.json",
    dataset: "stablecoin-charts",
    title: "Market cap by peg type and day",
    schema: envelopeOf(shapes.StablecoinChartsFileSchema),
    body: (record) => withinDaily(record, "stablecoin-charts", chartsData(record)),
    missing: "no-history-yet",
  },
  {
    path: "non-usd-share.json",
    dataset: "non-usd-share",
    title: "Share of the market that is metal or money other than dollars, by completed UTC day",
    schema: envelopeOf(shapes.NonUsdShareFileSchema),
    body: (record) => withinDaily(record, "non-usd-share", nonUsdShareData(record)),
    missing: "no-history-yet",
  },
  snapshot("supply", tables.supplyTable),
  snapshot("price-quotes", tables.priceQuotesTable),
  {
    path: "price-quotes/{id}.json",
    dataset: "coin-price-quotes",
    title: "One coin: what every source said of it over the last day",
    schema: envelopeOf(shapes.CoinQuotesFileSchema),
    ids: (record) =>
      Object.keys(record.snapshots["price-quotes"]?.data.quotes ?? {}).filter((id) => record.registry.coinById.has(id)),
    body: (record, id) => within(record, "price-quotes", "coin-price-quotes", coinQuotesData(record, id)),
    missing: "no-snapshot-yet",
  },
  snapshot("fx-rates", tables.fxRatesTable),
  {
    path: "health.json",
    dataset: "health",
    title: "Is the record well: age of every dataset, every circuit",
    schema: envelopeOf(shapes.HealthFileSchema),
    body: (record) => within(record, "status", "health", healthData(record)),
    missing: "no-snapshot-yet",
  },
  snapshot("status"),
  snapshot("depeg-events"),
  snapshot("depeg-pending"),
  snapshot("peg-summary"),
  {
    ...snapshot("redemption-backstops", exits.redemptionTable),
    body: exits.redemptionFile,
    missing: exits.redemptionMissing,
  },
  {
    path: "redemption-backstops/{id}.json",
    dataset: "redemption-backstop",
    title: "One coin: who gets out, how much, how fast, at what cost",
    schema: envelopeOf(exits.CoinRedemptionFileSchema),
    ids: (record) => Object.keys(record.snapshots["redemption-backstops"]?.data.coins ?? {}),
    body: (record, id) =>
      within(record, "redemption-backstops", "redemption-backstop", exits.coinRedemptionData(record, id)),
    missing: exits.redemptionMissing,
  },
  {
    path: "redemption-history/{id}.json",
    dataset: "redemption-history",
    title: "One coin: its redemption route by completed UTC day",
    schema: envelopeOf(exits.RedemptionHistoryFileSchema),
    ids: (record) => [...record.history.redemption.keys()],
    body: (record, id) =>
      within(record, "redemption-backstops", "redemption-history", record.history.redemption.get(id) ?? null),
    missing: "no-history-yet",
  },
  snapshot("reserves"),
  {
    path: "reserves/{id}.json",
    dataset: "stablecoin-reserves",
    title: "One coin: what stands behind it by live sources",
    schema: envelopeOf(exits.CoinReservesFileSchema),
    ids: (record) => Object.keys(record.snapshots.reserves?.data.coins ?? {}),
    body: (record, id) => within(record, "reserves", "stablecoin-reserves", exits.coinReservesData(record, id)),
    missing: "no-snapshot-yet",
  },
  {
    ...snapshot("mint-burn-flows", flows.flowsTable),
    schema: envelopeOf(flows.MintBurnFlowsFileSchema),
    body: (record) => within(record, "mint-burn-flows", "mint-burn-flows", flows.flowsData(record, 24)),
  },
  ...[168, 720].map(
    (hours): ApiEndpoint => ({
      path: `mint-burn-flows-${hours}h.json`,
      dataset: `mint-burn-flows-${hours}h`,
      title: `Mints and burns, the hours of ${hours / 24} days`,
      schema: envelopeOf(flows.MintBurnFlowsFileSchema),
      body: (record) => within(record, "mint-burn-flows", "mint-burn-flows", flows.flowsData(record, hours)),
      missing: "no-snapshot-yet",
    }),
  ),
  {
    path: "mint-burn-flows/{id}.json",
    dataset: "mint-burn-flow",
    title: "One coin: minted, burned and net over 24, 168 and 720 hours, by chain and by hour",
    schema: envelopeOf(flows.CoinFlowsFileSchema),
    ids: flows.flowCoinIds,
    body: (record, id) => within(record, "mint-burn-flows", "mint-burn-flow", flows.coinFlowsData(record, id)),
    missing: "no-snapshot-yet",
  },
  {
    path: "mint-burn-configs.json",
    dataset: "mint-burn-configs",
    title: "Every contract whose mints and burns are read: where its reading stands, what the last run counted",
    schema: envelopeOf(FlowConfigsFileSchema),
    body: (record) => within(record, "mint-burn-flows", "mint-burn-configs", flowConfigsData(record)),
    missing: "no-snapshot-yet",
  },
  ...eventFiles("mint-burn-events", "its newest 500 mints and burns as classified", "all", 1),
  ...Array.from({ length: EVENT_FILES - 1 }, (_, i) => i + 2).flatMap((page) =>
    eventFiles(`mint-burn-events-page-${page}`, `page ${page} of its newest mints and burns`, "all", page),
  ),
  ...eventFiles("mint-burn-events-counted", "the newest 50 that count as flow", "counted"),
  ...eventFiles("mint-burn-events-mints", "the newest 50 mints that count as flow", "mints"),
  ...eventFiles("mint-burn-events-burns", "the newest 50 burns that count as flow", "burns"),
  ...eventFiles("mint-burn-events-large", "the newest 50 of a million USD and more that count as flow", "large"),
  ...eventFiles("mint-burn-events-review", "the newest 50 burns under review", "review"),
  snapshot("report-cards"),
  snapshot("dex-liquidity"),
  snapshot("dex-prices"),
  snapshot("dews"),
  snapshot("stability-index"),
  snapshot("chains"),
  snapshot("discovery-candidates"),
  snapshot("freeze-events"),
  snapshot("yield-rankings"),
  {
    path: "changes.json",
    dataset: "changes",
    title: "What moved since the morning before, and whether the world or we moved it",
    schema: envelopeOf(daily.ChangesFileSchema),
    body: (record) => daily.changesFile(record, ""),
    table: (record) => daily.changesTable(record, ""),
    missing: "no-history-yet",
  },
  {
    path: "changes/{id}.json",
    dataset: "changes-of-a-day",
    title: "The changes of one day, of the last 90",
    schema: envelopeOf(daily.ChangesFileSchema),
    ids: daily.changeDays,
    body: daily.changesFile,
    table: daily.changesTable,
    missing: "no-history-yet",
  },
  {
    path: "digest.json",
    dataset: "digest",
    title: "The newest daily digest with the facts it was made from, and the list of all",
    schema: envelopeOf(daily.DigestFileSchema),
    body: (record) => daily.digestFile(record, ""),
    missing: "no-history-yet",
  },
  {
    path: "digest/{id}.json",
    dataset: "digest-of-a-day",
    title: "The digest of one day",
    schema: envelopeOf(daily.DigestFileSchema),
    ids: daily.digestDays,
    body: daily.digestFile,
    missing: "no-history-yet",
  },
  {
    path: "recap.json",
    dataset: "recap",
    title: "The newest recap of a week, made from its daily digests, and the list of all",
    schema: envelopeOf(daily.RecapFileSchema),
    body: (record) => daily.recapFile(record, ""),
    missing: "no-history-yet",
  },
  {
    path: "recap/{id}.json",
    dataset: "recap-of-a-week",
    title: "The recap of one week, by the Monday it ends with",
    schema: envelopeOf(daily.RecapFileSchema),
    ids: daily.recapDays,
    body: daily.recapFile,
    missing: "no-history-yet",
  },
  {
    path: "runs/{id}.json",
    dataset: "run",
    title: "One run: lanes, reasons, sources, hashes of what it published",
    schema: envelopeOf(RunManifestSchema),
    ids: (record) => [...record.runIds],
    body: (record, id) => {
      const run = record.runs.find((each) => each.runId === id);
      return run ? runFile(record, run) : null;
    },
    missing: "no-snapshot-yet",
  },
  {
    path: "manifest.json",
    dataset: "manifest",
    title: "Every machine-written file with size, rows and SHA-256: byte for byte as in data/, so without the envelope",
    schema: ManifestSchema,
    body: (record) => (record.manifest ? readFileSync(join(record.dataDir, "manifest.json"), "utf8") : null),
    missing: "no-snapshot-yet",
  },
  {
    path: "badges/{id}.json",
    dataset: "badge",
    title: "One coin as a shields.io endpoint badge",
    schema: shapes.BadgeSchema,
    ids: coinIds,
    body: badgeData,
    missing: "no-snapshot-yet",
  },
];

/** The schema file of an endpoint, below /api/v1/. */
export function schemaPath(endpoint: Pick<ApiEndpoint, "dataset" | "schema">): string | null {
  return endpoint.schema ? `schemas/${endpoint.dataset}.json` : null;
}

export function csvPath(endpoint: Pick<ApiEndpoint, "path" | "table">): string | null {
  return endpoint.table ? endpoint.path.replace(/\.json$/, ".csv") : null;
}

/** JSON Schema, draft 2020-12. Objects stay open: v1 grows, and an old schema must accept a newer file. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, { target: "draft-2020-12", io: "input" }) as Record<string, unknown>;
}
