/**
 * Reserves: what stands behind each coin that has an adapter, and how much of it can be redeemed now. Every four hours.
 *
 * A coin whose source fails keeps its last good reading, which ages and stops counting after two days; the others go on. Nothing an
 * adapter did not declare is stored.
 */
import type { Lane, LaneContext, LaneResult } from "../lane.ts";
import type { Reason } from "../schema/envelope.ts";
import type { ReserveAdapter } from "../schema/reserve-adapter.ts";
import type { ReserveReading, ReserveRow, Reserves } from "../schema/reserves.ts";
import { adapterOf } from "./adapters/index.ts";
import { type Job, type Outcome, readAll } from "./read-all.ts";
import { restingReading } from "./rest.ts";
import { validateReading } from "./validate.ts";

/** A reading counts as live this long. */
export const LIVE_SEC = 172_800;
/** This share of sources may fail before the run is degraded. */
const FAILURES_ALLOWED = 0.1;

function rowOf(
  coinId: string,
  entry: ReserveAdapter,
  outcome: Outcome,
  before: ReserveRow | undefined,
  nowSec: number,
): ReserveRow {
  const adapter = adapterOf(entry.kind);
  const validated =
    "result" in outcome ? validateReading(outcome.result, adapter, nowSec) : { problem: outcome.failed };
  const last = before?.adapter === entry.kind ? before.reading : null;
  const reading = "reading" in validated ? restingReading(validated.reading, last) : last;
  const error = "problem" in validated ? validated.problem : null;
  const wasSkipped = "failed" in outcome && outcome.skipped;
  return {
    stablecoinId: coinId,
    adapter: entry.kind,
    adapterVersion: adapter.version,
    evidenceClass: adapter.evidenceClass,
    telemetry: adapter.telemetry,
    mode: modeOf(reading, nowSec),
    reading,
    sync: {
      status: error === null ? (reading?.syncStatus ?? "error") : wasSkipped ? "skipped" : "error",
      lastAttemptedAt: nowSec,
      lastSuccessAt: error === null ? nowSec : (before?.sync.lastSuccessAt ?? null),
      failuresInARow: error === null ? 0 : (before?.sync.failuresInARow ?? 0) + 1,
      lastError: error,
    },
  };
}

function modeOf(reading: ReserveReading | null, nowSec: number): ReserveRow["mode"] {
  if (reading === null) return "unavailable";
  return nowSec - reading.fetchedAt <= LIVE_SEC ? "live" : "live-stale";
}

function sharedPools(rows: readonly ReserveRow[]): Reserves["sharedPools"] {
  const pooled = rows.filter((row) => row.reading?.metadata.sharedPoolId !== undefined);
  const byPool = Map.groupBy(pooled, (row) => row.reading?.metadata.sharedPoolId as string);
  return [...byPool].map(([id, sharing]) => {
    const known = sharing.flatMap((row) => row.reading?.metadata.redemption?.capacityUsd ?? []);
    return {
      id,
      coinIds: sharing.map((row) => row.stablecoinId),
      capacityUsd: known.length === sharing.length ? Math.min(...known) : null,
    };
  });
}

function knownFrom(context: LaneContext) {
  const prices = new Map(context.published("stablecoins")?.data.peggedAssets.map(({ id, price }) => [id, price]));
  const tokens = new Map(
    context.registry.coins.flatMap((coin) =>
      coin.deployments
        .filter(({ role }) => role === "issued" || role === null)
        .map(({ chain, address }): [string, string] => [`${chain}/${address}`, coin.id]),
    ),
  );
  return {
    coinPriceUsd: (id: string) => prices.get(id) ?? null,
    coinOfToken: (chain: string, address: string) => tokens.get(`${chain}/${address.toLowerCase()}`) ?? null,
  };
}

export const reservesLane: Lane = {
  name: "reserves",
  async run(context): Promise<LaneResult> {
    const { nowSec, registry } = context;
    const jobs: Job[] = registry.coins.flatMap(({ id, reserveAdapter: entry }) =>
      entry ? [{ coinId: id, entry }] : [],
    );
    const before = context.published("reserves")?.data.coins ?? {};
    const { outcomes, blocks, rounds } = await readAll(jobs, context, knownFrom(context));
    const rows = jobs.map(({ coinId, entry }) =>
      rowOf(coinId, entry, outcomes.get(coinId) ?? { failed: "not read", skipped: true }, before[coinId], nowSec),
    );
    const failed = rows.filter(({ sync }) => sync.status === "error" || sync.status === "skipped");
    const synced = rows.length - failed.length;
    const tooMany = failed.length > Math.ceil(rows.length * FAILURES_ALLOWED);
    const reasons: Reason[] = tooMany
      ? [
          {
            code: "reserves-unread",
            message: `${failed.length} of ${rows.length} reserve sources could not be read: ${failed.map((row) => row.stablecoinId).join(", ")}`,
          },
        ]
      : [];
    const status = rows.length > 0 && synced === 0 ? "error" : tooMany ? "degraded" : "ok";
    return {
      status,
      reasons,
      snapshots: {
        reserves: {
          asOf: nowSec,
          sources: [...blocks].map(([chain, { timestamp }]) => ({
            id: `contracts:read ${chain}`,
            observedAt: timestamp,
          })),
          data: {
            coins: Object.fromEntries(rows.map((row) => [row.stablecoinId, row])),
            sharedPools: sharedPools(rows),
            updatedAt: nowSec,
          },
        },
      },
      history: [],
      state: {},
      counts: { coins: rows.length, synced, failed: failed.length, chains: blocks.size, rounds },
    };
  },
};
