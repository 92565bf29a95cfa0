/**
 * How a snapshot lies in git: without what follows from the rest of the file or from the snapshots beside it, so that a run that
 * found nothing new adds little. What changes between two runs is measured by `npm run bench`.
 *
 * Unpacking gives back exactly what was packed: readers, checks and the API only ever see the full shape, and the content address
 * in the head tells whether it is. When a snapshot that others lean on is published without them, they are packed anew beside it.
 */
import type { SnapshotData, SnapshotName } from "../schema/datasets.ts";
import { packFlows, unpackFlows } from "./pack-flows.ts";
import { packFx, unpackFx } from "./pack-fx.ts";
import { packDexPrices, packLiquidity, unpackDexPrices, unpackLiquidity } from "./pack-liquidity.ts";
import { packPegSummary, unpackPegSummary } from "./pack-peg-summary.ts";
import { packPending, unpackPending } from "./pack-pending.ts";
import { packQuotes, unpackQuotes } from "./pack-quotes.ts";
import { packRedemption, unpackRedemption } from "./pack-redemption.ts";
import { packReserves, unpackReserves } from "./pack-reserves.ts";
import type { Slow } from "./pack-slow.ts";
import { packStablecoins, unpackStablecoins } from "./pack-stablecoins.ts";
import { packStatus, unpackStatus } from "./pack-status.ts";
import { packSupply, unpackSupply } from "./pack-supply.ts";
import type { SnapshotReader } from "./read-snapshot.ts";

/** Data of the snapshots beside one, whole. */
export type Companions = { [Name in SnapshotName]?: SnapshotData<Name> };

interface Packing {
  /** Snapshots it leans on; each earlier in the order of a run. */
  beside?: readonly SnapshotName[];
  /** What it holds that seldom moves lies in a file of its own. */
  slow?: Slow;
  pack?(data: never, generatedAt: number, beside: Companions): unknown;
  unpack?(packed: never, generatedAt: number, beside: Companions): unknown;
}

/** What a coin is, in the main dataset. */
const IDENTITY = ["id", "name", "symbol", "geckoId", "pegCurrency", "pegMechanism", "pegType", "state"];

const PACKINGS: Partial<Record<SnapshotName, Packing>> = {
  "mint-burn-flows": { slow: { keys: ["coins"] }, pack: packFlows, unpack: unpackFlows },
  supply: {
    slow: { keys: ["chains"], fields: { coins: ["coinId", "chains", "chainsObservedAt", "supplySource"] } },
    pack: packSupply,
    unpack: unpackSupply,
  },
  stablecoins: {
    beside: ["supply", "fx-rates"],
    slow: { fields: { peggedAssets: IDENTITY } },
    pack: packStablecoins,
    unpack: unpackStablecoins,
  },
  "peg-summary": {
    beside: ["stablecoins", "dex-prices"],
    slow: { fields: { coins: ["id", "governance", "primaryTrust", "trackingSpanDays"] } },
    pack: packPegSummary,
    unpack: unpackPegSummary,
  },
  "depeg-pending": { beside: ["stablecoins", "peg-summary"], pack: packPending, unpack: unpackPending },
  "redemption-backstops": { pack: packRedemption, unpack: unpackRedemption },
  reserves: { pack: packReserves, unpack: unpackReserves },
  "dex-prices": { slow: { maps: ["prices"] }, pack: packDexPrices, unpack: unpackDexPrices },
  "dex-liquidity": {
    beside: ["dex-prices"],
    slow: { keys: ["pools", "days"], maps: ["coins"] },
    pack: packLiquidity,
    unpack: unpackLiquidity,
  },
  "price-quotes": { beside: ["stablecoins"], slow: { maps: ["quotes"] }, pack: packQuotes, unpack: unpackQuotes },
  "report-cards": { slow: { fields: { cards: ["id", "name", "symbol", "isDefunct"] } } },
  dews: { slow: { maps: ["signals"] } },
  chains: { slow: { fields: { chains: ["id", "name", "slug", "type", "rollup", "chainEnvironmentEvidence"] } } },
  "fx-rates": { pack: packFx, unpack: unpackFx },
  status: { pack: packStatus, unpack: unpackStatus },
};

/** Whether a snapshot lies in git otherwise than it is read. */
export function isPacked(name: SnapshotName): boolean {
  return PACKINGS[name] !== undefined;
}

/** Snapshots whose files this one leans on. */
function besideOf(name: SnapshotName): readonly SnapshotName[] {
  return PACKINGS[name]?.beside ?? [];
}

/** A snapshot and all that it leans on, directly or not. */
export function withBeside(name: SnapshotName): SnapshotName[] {
  return [...new Set([name, ...besideOf(name).flatMap(withBeside)])];
}

/** What `read` gives of the snapshots that this one leans on. */
export function companionsOf(name: SnapshotName, read: SnapshotReader): Companions {
  return Object.fromEntries(
    besideOf(name).flatMap((other) => {
      const companion = read(other);
      return companion ? [[other, companion.data]] : [];
    }),
  );
}

/** What lies in the snapshot's slow file; null when it has none. */
export function slowOf(name: SnapshotName): Slow | null {
  return PACKINGS[name]?.slow ?? null;
}

/** Snapshots that lean on this one. */
export function leaningOn(name: SnapshotName): SnapshotName[] {
  return (Object.keys(PACKINGS) as SnapshotName[]).filter((other) => besideOf(other).includes(name));
}

/** Data of a snapshot as it is written. */
export function packData(name: SnapshotName, data: unknown, generatedAt: number, beside: Companions): unknown {
  return PACKINGS[name]?.pack?.(data as never, generatedAt, beside) ?? data;
}

/** Data of a snapshot as everybody reads it. Throws TypeError when it was not packed data at all. */
export function unpackData(name: SnapshotName, packed: unknown, generatedAt: number, beside: Companions): unknown {
  return PACKINGS[name]?.unpack?.(packed as never, generatedAt, beside) ?? packed;
}
