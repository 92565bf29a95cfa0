/** Cases of `vectors/depegs-and-indices.json` that the pegs lane answers, and `depeg:replay` of `vectors/wire.json`. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { AnyNumber, listOf, MaybeNumber, MaybeText, NumberOrNaN } from "../conformance/input.ts";
import { UsageError } from "../errors.ts";
import { freshMultiSourceAgreement, offchainConfirmer, primaryTrust, sourceFamily } from "../primary-trust.ts";
import { DirectionSchema, OrphanReasonSchema } from "../schema/depegs.ts";
import { applyPeak, mergeOpenEvents } from "./depeg-events.ts";
import { poolStatus, trustedDexRow } from "./dex-evidence.ts";
import { orphanCleanup } from "./orphan-cleanup.ts";
import { derivePegRates, pegReference, referenceMayDriveDepegs } from "./peg-rates.ts";
import { coinTrackingStart, mergedDepegSeconds, pegScore } from "./peg-score.ts";
import {
  buildPendingReason,
  parsePendingReason,
  pendingAge,
  pendingDecision,
  pendingPersistence,
  routeNewDepeg,
} from "./pending.ts";
import { replayDepegs } from "./replay.ts";
import { crossesThreshold, depegSignal, directionalStatus, moreSevereBps } from "./signal.ts";

const Quote = z.object({ price: NumberOrNaN, reference: NumberOrNaN });
const Count = MaybeNumber.transform((count) => count ?? 0);
const Id = z.union([z.number(), z.string()]);
const Label = z.object({ priceSource: MaybeText, agreeSources: listOf(z.string()) });
const TrustInput = z.object({
  asset: Label.extend({
    price: MaybeNumber,
    priceConfidence: MaybeText,
    priceObservedAt: MaybeNumber,
    priceObservedAtMode: MaybeText,
    priceUpdatedAt: MaybeNumber,
  }),
  nowSec: NumberOrNaN,
});
const ReferenceInput = z.object({ pegCurrency: MaybeText, pegType: MaybeText, source: MaybeText, contributors: Count });
const DexInput = z.object({
  updatedAt: NumberOrNaN,
  totalTvlUsd: NumberOrNaN,
  tier: z.enum(["ui", "depeg"]),
  nowSec: NumberOrNaN,
});
const RouteInput = z.object({
  supplyUsd: NumberOrNaN,
  trust: z.enum(["authoritative", "confirm_required", "unusable"]),
  absBps: NumberOrNaN,
});
const Status = z.enum(["confirm", "recover", "contradict", "insufficient"]).nullish();
const said = Status.transform((status) => status ?? "insufficient");
const DecisionInput = z.object({
  offchain: said,
  cex: said,
  dex: said,
  pool: said,
  reason: MaybeText.transform((reason) => reason ?? ""),
});
const PoolInput = z.object({
  confirmGroups: Count,
  highTvlConfirm: z
    .boolean()
    .nullish()
    .transform((high) => high ?? false),
  contradictGroups: Count,
  recoverGroups: Count,
});
const Peaked = z.object({
  direction: DirectionSchema,
  peakDeviationBps: NumberOrNaN,
  peakPrice: NumberOrNaN,
  startPrice: MaybeNumber,
});
const MergeInput = z.object({
  events: listOf(z.object({ id: Id, startedAt: NumberOrNaN, peakDeviationBps: NumberOrNaN, peakPrice: NumberOrNaN })),
});
const OrphanInput = z.object({
  openEvents: listOf(
    z.object({
      id: Id,
      stablecoinId: z.string(),
      pegType: MaybeText.transform((pegType) => pegType ?? ""),
      createdThisRun: z
        .boolean()
        .nullish()
        .transform((created) => created ?? false),
    }),
  ),
  processedIds: listOf(z.string()),
  causes: z.record(z.string(), OrphanReasonSchema).nullish(),
  coverage: z.object({
    laneOk: z.boolean(),
    pricedBefore: NumberOrNaN,
    pricedNow: NumberOrNaN,
    degradedPegTypes: listOf(z.string()),
  }),
});
const PersistenceInput = z.object({
  price: MaybeNumber,
  reference: MaybeNumber,
  pegType: MaybeText,
  direction: DirectionSchema,
});
const ScoreInput = z.object({
  events: listOf(
    z.object({
      startedAt: NumberOrNaN,
      endedAt: MaybeNumber,
      peakDeviationBps: NumberOrNaN,
      provenance: z.object({ auditVerdict: MaybeText, confidenceTier: MaybeText }).nullish(),
    }),
  ),
  startSec: MaybeNumber,
  nowSec: NumberOrNaN,
});
const TrackingInput = z.object({
  firstSeen: MaybeNumber,
  events: listOf(z.object({ startedAt: NumberOrNaN })),
  nowSec: NumberOrNaN,
});
const RatesInput = z.object({
  assets: listOf(
    z.object({
      id: z.string(),
      pegType: MaybeText,
      price: MaybeNumber,
      circulating: z
        .record(z.string(), AnyNumber.nullable())
        .nullish()
        .transform((buckets) => buckets ?? null),
    }),
  ),
  metaById: z.record(z.string(), z.object({ commodityOunces: MaybeNumber })).nullish(),
  fxFallback: z.record(z.string(), AnyNumber.nullable()).nullish(),
});
const PegReferenceInput = z.object({
  pegType: MaybeText,
  rates: z.record(z.string(), AnyNumber.nullable()).nullish(),
  commodityOunces: MaybeNumber,
});
const ReplayInput = z.object({
  file: z.string().optional(),
  points: z.array(z.tuple([z.number(), NumberOrNaN])).optional(),
  pegType: z.string(),
  reference: AnyNumber.nullish(),
});

/** Rows of a CSV `timestamp,price` with a header, in seconds. */
async function readPoints(file: string): Promise<[number, number][]> {
  const lines = (await readFile(file, "utf8")).replace(/^\ufeff/, "").split(/\r?\n/);
  return lines.slice(1).flatMap((line, index): [number, number][] => {
    if (line.trim() === "") return [];
    const [timestamp = "", price = ""] = line.split(",").map((cell) => cell.trim());
    if (timestamp === "" || !Number.isFinite(Number(timestamp)))
      throw new UsageError(`line ${index + 2} has no time`, { code: "bad-series", where: file });
    return [[Number(timestamp), price === "" ? Number.NaN : Number(price)]];
  });
}

export const conformance: Record<string, (input: unknown, context: { dir: string }) => unknown> = {
  depegSignal(input) {
    const { price, reference } = Quote.parse(input);
    return depegSignal(price, reference);
  },
  crossesThreshold(input) {
    const { price, reference, pegType } = Quote.extend({ pegType: MaybeText }).parse(input);
    return crossesThreshold(price, reference, pegType);
  },
  directionalStatus(input) {
    const { price, reference, barBps, direction } = Quote.extend({
      barBps: NumberOrNaN,
      direction: DirectionSchema,
    }).parse(input);
    return directionalStatus(price, reference, barBps, direction);
  },
  moreSevereBps: (input) =>
    moreSevereBps(z.object({ values: listOf(z.unknown().transform(numberOrNull)) }).parse(input).values),
  buildPendingReason: (input) => buildPendingReason(z.object({ flags: listOf(z.string()) }).parse(input).flags),
  parsePendingReason: (input) => parsePendingReason(z.object({ text: MaybeText }).parse(input).text),
  primaryTrust(input) {
    const { asset, nowSec } = TrustInput.parse(input);
    return primaryTrust(asset, nowSec);
  },
  freshMultiSourceAgreement(input) {
    const { asset, nowSec } = TrustInput.parse(input);
    return freshMultiSourceAgreement(asset, nowSec);
  },
  referenceMayDriveDepegs(input) {
    const { pegCurrency, pegType, source, contributors } = ReferenceInput.parse(input);
    return referenceMayDriveDepegs(pegCurrency, pegType, source, contributors);
  },
  trustedDexRow(input) {
    const { tier, nowSec, ...row } = DexInput.parse(input);
    return trustedDexRow(row, tier, nowSec);
  },
  sourceFamily: (input) => sourceFamily(z.object({ label: z.string() }).parse(input).label),
  offchainConfirmer: (input) => offchainConfirmer(Label.parse(input)),
  routeNewDepeg(input) {
    const { supplyUsd, trust, absBps } = RouteInput.parse(input);
    return routeNewDepeg(supplyUsd, trust, absBps);
  },
  pendingAge: (input) => pendingAge(z.object({ ageSec: NumberOrNaN }).parse(input).ageSec),
  pendingDecision(input) {
    const { reason, ...evidence } = DecisionInput.parse(input);
    return pendingDecision(evidence, reason);
  },
  poolStatus: (input) => poolStatus(PoolInput.parse(input)),
  mergeOpenEvents: (input) => mergeOpenEvents(MergeInput.parse(input).events),
  applyPeak(input) {
    const { event, price, reference } = Quote.extend({ event: Peaked }).parse(input);
    return applyPeak(event, price, reference);
  },
  orphanCleanup(input) {
    const { openEvents, processedIds, causes, coverage } = OrphanInput.parse(input);
    return orphanCleanup(openEvents, new Set(processedIds), (id) => causes?.[id], coverage);
  },
  pendingPersistence(input) {
    const { price, reference, pegType, direction } = PersistenceInput.parse(input);
    return pendingPersistence(price, reference, pegType, direction);
  },
  mergedDepegSeconds(input) {
    const { events, startSec, nowSec } = ScoreInput.parse(input);
    return startSec === null ? 0 : mergedDepegSeconds(events, startSec, nowSec);
  },
  coinTrackingStart(input) {
    const { firstSeen, events, nowSec } = TrackingInput.parse(input);
    return coinTrackingStart(firstSeen, events, nowSec);
  },
  pegScore(input) {
    const { events, startSec, nowSec } = ScoreInput.parse(input);
    return pegScore(events, startSec, nowSec);
  },
  derivePegRates(input) {
    const { assets, metaById, fxFallback } = RatesInput.parse(input);
    return derivePegRates(assets, (id) => metaById?.[id]?.commodityOunces, fxFallback ?? {});
  },
  pegReference(input) {
    const { pegType, rates, commodityOunces } = PegReferenceInput.parse(input);
    return pegReference(pegType, rates ?? {}, commodityOunces);
  },
  async "depeg:replay"(input, { dir }) {
    const { file, points: given, pegType, reference } = ReplayInput.parse(input);
    const points = given ?? (file === undefined ? [] : await readPoints(resolve(dir, file)));
    return { points: points.length, events: replayDepegs(points, pegType, reference ?? 1) };
  },
};

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
