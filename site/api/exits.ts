/** API files of the exits: routes and reserves, all coins and one coin, and a coin's routes by day. */
import { z } from "zod";
import { REDEMPTION_VERSION } from "../../pipeline/redemption-figures.ts";
import { UnixSecondsSchema } from "../../pipeline/schema/envelope.ts";
import {
  type RedemptionBackstops,
  type RedemptionMethodology,
  RedemptionMethodologySchema,
  RedemptionRowSchema,
} from "../../pipeline/schema/redemption.ts";
import { RedemptionDaySchema } from "../../pipeline/schema/redemption-history.ts";
import {
  FreshnessModeSchema,
  ReserveMetadataSchema,
  ReserveSliceSchema,
  ReserveSyncStatusSchema,
  ReserveWarningSchema,
} from "../../pipeline/schema/reserves.ts";
import type { Table } from "../lib/csv.ts";
import type { SiteRecord } from "../lib/record.ts";

export const CoinRedemptionFileSchema = z.object({
  row: RedemptionRowSchema,
  methodology: RedemptionMethodologySchema,
  updatedAt: UnixSecondsSchema,
});

export const CoinReservesFileSchema = z.object({
  stablecoinId: z.string(),
  mode: z.enum(["live", "live-stale", "curated-fallback", "template-fallback", "unavailable"]),
  reserves: z.array(ReserveSliceSchema).describe("Empty where only a capacity is read"),
  estimated: z.boolean(),
  liveAt: UnixSecondsSchema.nullable(),
  source: z.string().nullable(),
  displayUrl: z.string().nullable(),
  displayBadge: z.object({ kind: z.enum(["live", "curated-validated", "proof"]), label: z.string() }).nullable(),
  provenance: z.object({
    adapter: z.string(),
    evidenceClass: z.string(),
    freshnessMode: FreshnessModeSchema.nullable(),
    scoringEligible: z.boolean().describe("The newest reading is live, clean and of evidence that may score"),
  }),
  metadata: ReserveMetadataSchema.nullable(),
  sync: z.object({
    enabled: z.boolean(),
    status: ReserveSyncStatusSchema,
    stale: z.boolean(),
    bootstrap: z.boolean().describe("No reading has succeeded yet"),
    lastAttemptedAt: UnixSecondsSchema,
    lastSuccessAt: UnixSecondsSchema.nullable(),
    warnings: z.array(ReserveWarningSchema),
    lastError: z.string().nullable(),
  }),
});

export const RedemptionHistoryFileSchema = z
  .array(RedemptionDaySchema.omit({ coinId: true }))
  .describe("One row a completed UTC day on which something differs from the row before, ascending");

/** Why there is no snapshot: never one, or none that is whole. */
export function redemptionMissing(record: SiteRecord): string {
  return record.unavailable.has("redemption-backstops")
    ? "Redemption backstop snapshot unavailable"
    : "Data not yet available";
}

/** The version of the rows is their run's; the current one is this code's. */
function methodologyOf(data: RedemptionBackstops): RedemptionMethodology {
  return { ...data.methodology, currentVersion: REDEMPTION_VERSION };
}

export function redemptionFile(record: SiteRecord) {
  const snapshot = record.snapshots["redemption-backstops"];
  return snapshot && { ...snapshot, data: { ...snapshot.data, methodology: methodologyOf(snapshot.data) } };
}

export function coinRedemptionData(record: SiteRecord, id: string): z.infer<typeof CoinRedemptionFileSchema> | null {
  const data = record.snapshots["redemption-backstops"]?.data;
  const row = data?.coins[id];
  if (!data || !row) return null;
  return { row, methodology: methodologyOf(data), updatedAt: data.updatedAt };
}

export function coinReservesData(record: SiteRecord, id: string): z.infer<typeof CoinReservesFileSchema> | null {
  const row = record.snapshots.reserves?.data.coins[id];
  if (!row) return null;
  const { reading, mode, sync } = row;
  return {
    stablecoinId: id,
    mode,
    reserves: reading?.slices ?? [],
    estimated: false,
    liveAt: reading?.fetchedAt ?? null,
    source: reading?.source ?? null,
    displayUrl: record.registry.coinById.get(id)?.reserveAdapter?.displayUrl ?? null,
    displayBadge: mode === "live" ? { kind: "live", label: "Live" } : null,
    provenance: {
      adapter: row.adapter,
      evidenceClass: row.evidenceClass,
      freshnessMode: reading?.metadata.freshnessMode ?? null,
      scoringEligible: mode === "live" && reading?.syncStatus === "ok" && row.evidenceClass !== "static-validated",
    },
    metadata: reading?.metadata ?? null,
    sync: {
      enabled: true,
      status: sync.status,
      stale: mode === "live-stale",
      bootstrap: sync.lastSuccessAt === null,
      lastAttemptedAt: sync.lastAttemptedAt,
      lastSuccessAt: sync.lastSuccessAt,
      warnings: reading?.warnings ?? [],
      lastError: sync.lastError,
    },
  };
}

const COLUMNS = [
  "stablecoinId",
  "routeFamily",
  "accessModel",
  "settlementModel",
  "outputAssetType",
  "holderEligibility",
  "resolutionState",
  "routeStatus",
  "score",
  "effectiveExitScore",
  "dexLiquidityScore",
  "eventualRedeemabilityScore",
  "immediateCapacityUsd",
  "immediateCapacityRatio",
  "capacityConfidence",
  "capacityBasis",
  "feeBps",
  "feeModelKind",
  "modelConfidence",
  "sharedPoolId",
] as const;

export function redemptionTable(record: SiteRecord): Table | null {
  const data = record.snapshots["redemption-backstops"]?.data;
  if (!data) return null;
  return {
    columns: [...COLUMNS, "scoringUsd", "reviewedAt", "simulated"],
    rows: Object.values(data.coins).map((row) => [
      ...COLUMNS.map((name) => row[name] ?? null),
      row.capacityProfile.scoringUsd,
      row.docs?.reviewedAt ?? null,
      record.simulated,
    ]),
  };
}
