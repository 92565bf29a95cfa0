/**
 * The record as the site reads it: registry, snapshots, manifests and history, loaded once a build and shared by every page.
 *
 * Absent snapshots are null and every page says so; damaged ones stop the build, since a half-true site is worse than an old one.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DataDamaged } from "../../pipeline/errors.ts";
import { keptDays } from "../../pipeline/publish/kept-runs.ts";
import { readManifest } from "../../pipeline/publish/read-manifest.ts";
import { type SnapshotReader, snapshotsIn } from "../../pipeline/publish/read-snapshot.ts";
import { loadRegistry, type Registry } from "../../pipeline/registry/registry.ts";
import { SNAPSHOT_NAMES, type SnapshotData, type SnapshotName } from "../../pipeline/schema/datasets.ts";
import type { Envelope } from "../../pipeline/schema/envelope.ts";
import type { Manifest } from "../../pipeline/schema/manifest.ts";
import { RunFileSchema, type RunManifest } from "../../pipeline/schema/run-manifest.ts";
import type { PeggedAsset } from "../../pipeline/schema/stablecoins.ts";
import type { CoinSupply } from "../../pipeline/schema/supply.ts";
import { type History, loadHistory } from "./history.ts";
import { type QuoteVersion, quoteVersions } from "./quote-history.ts";

export type Snapshots = { [Name in SnapshotName]: Envelope<SnapshotData<Name>> | null };

export interface SiteRecord {
  dataDir: string;
  registry: Registry;
  snapshots: Snapshots;
  /** By coin id, from the snapshots of the same names. */
  assetById: Map<string, PeggedAsset>;
  supplyById: Map<string, CoinSupply>;
  manifest: Manifest | null;
  /** Ascending by time; only the runs whose manifests are still kept. */
  runs: RunManifest[];
  runIds: Set<string>;
  history: History;
  /** What every source said in the last day, ascending. */
  quoteVersions: QuoteVersion[];
  /** Newest asOf of all snapshots, unix seconds; null before the first. For a simulated record it is also the present. */
  newestAsOf: number | null;
  simulated: boolean;
  /** Kept datasets of which no run is whole: they are served as missing, with that reason. */
  unavailable: Set<SnapshotName>;
}

function dataFolder(): string {
  return resolve(process.env.PLUMBLINE_DATA ?? join(process.cwd(), "data"));
}

function readRuns(dataDir: string): RunManifest[] {
  const folder = join(dataDir, "runs");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => RunFileSchema.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))))
    .sort((a, b) => a.startedAt - b.startedAt);
}

/** A kept dataset without a whole run is missing, not a reason to have no site. */
function readOrMiss(read: SnapshotReader, name: SnapshotName, unavailable: Set<SnapshotName>) {
  try {
    return read(name);
  } catch (error) {
    if (!(error instanceof DataDamaged) || keptDays(name) === null) throw error;
    unavailable.add(name);
    return null;
  }
}

async function load(): Promise<SiteRecord> {
  const dataDir = dataFolder();
  const registry = loadRegistry(dataDir);
  const unavailable = new Set<SnapshotName>();
  const read = snapshotsIn(dataDir);
  const snapshots = Object.fromEntries(
    SNAPSHOT_NAMES.map((name) => [name, readOrMiss(read, name, unavailable)]),
  ) as Snapshots;
  const heads = Object.values(snapshots).filter((snapshot) => snapshot !== null);
  const newestAsOf = heads.length > 0 ? Math.max(...heads.map((head) => head.asOf)) : null;
  const runs = readRuns(dataDir);
  const quotes = snapshots["price-quotes"];
  return {
    dataDir,
    registry,
    snapshots,
    assetById: new Map(snapshots.stablecoins?.data.peggedAssets.map((asset) => [asset.id, asset])),
    supplyById: new Map(snapshots.supply?.data.coins.map((coin) => [coin.coinId, coin])),
    manifest: readManifest(dataDir),
    runs,
    runIds: new Set(runs.map((run) => run.runId)),
    history: await loadHistory(dataDir, newestAsOf, snapshots["mint-burn-flows"], registry),
    quoteVersions: await quoteVersions(dataDir, quotes && { asOf: quotes.asOf, quotes: quotes.data.quotes }),
    newestAsOf,
    simulated: heads.some((head) => head.simulated),
    unavailable,
  };
}

/** The error without its cause: what is wrong and where, not a thousand lines of schema issues. */
function shortened(error: unknown): never {
  if (!(error instanceof DataDamaged)) throw error;
  throw new DataDamaged(error.message, { code: error.code, where: error.where, hint: error.hint });
}

/** The run that began at `at`, while its manifest is kept. */
export function runIdAt({ runs }: Pick<SiteRecord, "runs">, at: number): string | undefined {
  return runs.find(({ startedAt }) => startedAt === at)?.runId;
}

let loading: Promise<SiteRecord> | undefined;

/** The record, loaded on the first call. */
export function loadRecord(): Promise<SiteRecord> {
  loading ??= load().catch(shortened);
  return loading;
}

/** Sum of the amounts of a by-peg map, USD; null where the map is unknown. */
export function totalUsd(byPeg: Record<string, number> | null | undefined): number | null {
  if (!byPeg) return null;
  return Object.values(byPeg).reduce((sum, amount) => sum + amount, 0);
}
