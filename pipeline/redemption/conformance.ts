/** Cases of `vectors/redemption.json`: method section 18 says what each function takes and gives. */
import { z } from "zod";
import { listOf, MaybeNumber, MaybeText, NumberOrNaN } from "../conformance/input.ts";
import {
  componentScore,
  effectiveExitScore,
  modeledExitSizeUsd,
  queueEnabled,
  reviewedDocAgeDays,
} from "../redemption-figures.ts";
import * as enums from "../schema/redemption.ts";
import * as route from "../schema/redemption-route.ts";
import { CapacityTelemetrySchema } from "../schema/reserves.ts";
import { buildRow, type SevereEvidence } from "./build-row.ts";
import { resolveCapacity } from "./capacity.ts";
import { capacityConstraintEffects, capacityScore } from "./capacity-score.ts";
import {
  boundedFeeScore,
  costScenarioScores,
  feeConfidence,
  feeKindFromDescription,
  feeModelKind,
  type LiveFee,
  resolveCost,
  storedFeeConfidence,
  storedFeeModelKind,
} from "./cost.ts";
import { resolveDocs } from "./docs.ts";
import type { LiveTelemetry } from "./live-telemetry.ts";
import { modelConfidence } from "./model-confidence.ts";
import {
  capacityBasis,
  capacityConfidence,
  capacitySemantics,
  readbackCapacityConfidence,
  readbackCapacitySemantics,
} from "./providers.ts";
import {
  defaultHolderEligibility,
  defaultRouteExitCorrelation,
  isStrongLiveDirectRoute,
  mergeRouteStatus,
} from "./route-status.ts";
import { runStatus, selectSnapshot } from "./runs.ts";
import { eventualRedeemabilityScore, redemptionScore } from "./score.ts";
import { isSevereDownsideDepeg, outputDependencyImpairment, severeDepegAvailability } from "./severe-depeg.ts";

/** A word of a closed list; what is no member counts as absent. */
function maybe<Schema extends z.ZodType>(schema: Schema) {
  return schema
    .nullish()
    .catch(null)
    .transform((value) => value ?? null);
}

const Flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const Family = maybe(route.RouteFamilySchema);
const Count = MaybeNumber.transform((value) => value ?? undefined);
const Usd = MaybeNumber;

const Cost = z.looseObject({ kind: z.string() }).transform((model) => model as unknown as route.CostModel);
const Capacity = z.looseObject({ kind: z.string() }).transform((model) => model as unknown as route.CapacityModel);
const CostInput = z.object({ costModel: Cost, feeBps: MaybeNumber });
const LiveFeeInput = { liveFeeUsable: Flag, liveFeeBps: MaybeNumber };

const Status = {
  routeStatus: maybe(enums.RouteStatusSchema),
  routeStatusSource: maybe(enums.RouteStatusSourceSchema),
  routeStatusReason: MaybeText,
  routeStatusReviewedAt: MaybeText,
};
const Live = z
  .object({
    usable: Flag,
    capacityUsd: Usd,
    capacityRatio: Usd,
    capacityKind: maybe(enums.CapacityKindSchema),
    freshnessKind: maybe(enums.FreshnessKindSchema),
    sourceTimestamp: Usd,
    settlementDelaySec: Usd,
    queueDepthUsd: Usd,
    dailyLimitUsd: Usd,
    minRedeemUsd: Usd,
    liveHolderEligibility: maybe(route.HolderEligibilitySchema),
    feeBps: Usd,
    ...Status,
  })
  .nullish();
const Severe = z.object({
  routeStatus: z.literal("degraded").catch("degraded"),
  routeStatusSource: z.literal("market-implied").catch("market-implied"),
  routeStatusReason: MaybeText,
  routeStatusReviewedAt: MaybeText,
  outputImpairedDependencyId: MaybeText,
  outputImpairedShare: MaybeNumber,
});
const Tier = maybe(CapacityTelemetrySchema).transform((tier) => tier ?? "none");
const NO_LIVE: LiveTelemetry = { usable: false };

const Parts = z.object({
  routeFamily: Family,
  accessScore: NumberOrNaN,
  settlementScore: NumberOrNaN,
  executionCertaintyScore: NumberOrNaN,
  outputAssetQualityScore: NumberOrNaN,
  costScore: NumberOrNaN,
  totalScoreCap: MaybeNumber,
});
const Constraints = z.object({
  capacityScore: MaybeNumber,
  scoringCapacityUsd: Usd,
  settlementDelaySec: Usd,
  queueDepthUsd: Usd,
  minRedeemUsd: Usd,
  liveHolderEligibility: maybe(route.HolderEligibilitySchema),
});
const ExitInput = z.object({
  liquidityScore: MaybeNumber,
  redemptionScore: MaybeNumber,
  options: z
    .object({
      circulatingSupplyUsd: Usd,
      modeledExitSizeUsd: Usd,
      currentExecutableCapacityUsd: Usd,
      routeExitCorrelation: maybe(route.RouteExitCorrelationSchema),
      modelConfidence: maybe(enums.ModelConfidenceSchema),
    })
    .nullish(),
});
const ConfidenceInput = z.object({
  resolutionState: enums.ResolutionStateSchema,
  capacityConfidence: maybe(enums.CapacityConfidenceSchema),
  feeConfidence: maybe(route.FeeConfidenceSchema),
  routeStatus: maybe(enums.RouteStatusSchema),
  routeStatusSource: maybe(enums.RouteStatusSourceSchema),
  holderEligibility: maybe(route.HolderEligibilitySchema),
  sourceMode: maybe(enums.SourceModeSchema),
  freshnessKind: maybe(enums.FreshnessKindSchema),
  reviewedAt: MaybeText,
  now: NumberOrNaN,
});
const DepegInput = z.object({
  openDepegEvents: listOf(
    z.object({
      stablecoinId: z.string(),
      peakDeviationBps: NumberOrNaN,
      direction: MaybeText,
      startedAt: MaybeNumber.transform((at) => at ?? 0),
    }),
  ),
  wrappers: listOf(z.object({ id: z.string(), variantOf: MaybeText, pegReferenceId: MaybeText })),
  now: MaybeNumber.transform((now) => now ?? 0),
});
const RunsInput = z.object({
  configured: NumberOrNaN,
  resolved: NumberOrNaN,
  missingCapacity: Count,
  impaired: Count,
  failed: Count,
  missingCache: Count,
  missingFromCache: Count,
  liquidityStale: Flag,
});
const SnapshotInput = z.object({
  completedRuns: listOf(
    z.object({
      runId: z.string(),
      completedAt: MaybeNumber,
      expectedCount: NumberOrNaN,
      writtenCount: NumberOrNaN,
      maxUpdatedAt: MaybeNumber,
      methodologyVersion: MaybeText,
      rowCount: NumberOrNaN,
      rowsReadable: z.boolean().nullish(),
    }),
  ),
  currentTableHasManifestedRows: Flag,
  currentTableMaxUpdatedAt: MaybeNumber,
  currentTableMethodologyVersion: MaybeText,
});
const Link = z.object({ label: z.string(), url: z.string(), supports: z.array(route.DocSupportSchema).optional() });
const DocsInput = z.object({
  config: z.object({
    docs: z.array(Link).nullish(),
    reviewedAt: MaybeText,
    capacityModelKind: z.enum(["supply-full", "supply-ratio", "fixed-usd", "reserve-sync-metadata"]),
  }),
  meta: z.object({
    liveReserveDisplay: Link.nullish(),
    proofOfReserves: Link.nullish(),
    links: z.array(Link).nullish(),
  }),
});
const EntryInput = z.object({
  config: z.looseObject({}).transform((config) => config as unknown as route.RedemptionRoute),
  supplyUsd: Usd,
  dexLiquidityScore: MaybeNumber,
  now: NumberOrNaN,
  adapterCapacity: Tier,
  live: Live,
  liveFeeUsable: Flag,
  severe: Severe.nullish(),
});

function liveFee(usable: boolean, feeBps: number | null): LiveFee {
  return usable && feeBps !== null ? { feeBps } : { unusable: null };
}

export const conformance: Record<string, (input: unknown) => unknown> = {
  componentScore(input) {
    const component = z.enum(["access", "settlement", "execution", "outputAsset"]);
    const { component: name, value } = z.object({ component, value: MaybeText }).parse(input);
    return componentScore(name, value);
  },
  queueEnabled(input) {
    const { routeFamily, settlementModel } = z
      .object({ routeFamily: Family, settlementModel: maybe(route.SettlementModelSchema) })
      .parse(input);
    return queueEnabled(routeFamily, settlementModel);
  },
  capacityScore(input) {
    const { immediateCapacityUsd, immediateCapacityRatio, absoluteOnlyMode } = z
      .object({
        immediateCapacityUsd: Usd,
        immediateCapacityRatio: MaybeNumber,
        absoluteOnlyMode: maybe(z.enum(["interpolated", "tier-floor"])),
      })
      .parse(input);
    return capacityScore(immediateCapacityUsd, immediateCapacityRatio, absoluteOnlyMode ?? "interpolated");
  },
  capacityConstraintEffects(input) {
    const { capacityScore: score, scoringCapacityUsd, ...constraints } = Constraints.parse(input);
    return capacityConstraintEffects(score, scoringCapacityUsd, constraints);
  },
  boundedFeeScore: (input) => boundedFeeScore(z.object({ feeBps: MaybeNumber }).parse(input).feeBps),
  costScenarioScores(input) {
    const { costModel, feeBps } = CostInput.parse(input);
    return costScenarioScores(costModel, feeBps);
  },
  resolveCost(input) {
    const { costModel, liveFeeUsable, liveFeeBps } = z.object({ costModel: Cost, ...LiveFeeInput }).parse(input);
    return resolveCost(costModel, liveFee(liveFeeUsable, liveFeeBps));
  },
  feeConfidence: (input) => feeConfidence(Cost.parse(input)),
  feeModelKind: (input) => feeModelKind(Cost.parse(input)),
  storedFeeConfidence: (input) => storedFeeConfidence(z.object({ feeBps: MaybeNumber }).parse(input).feeBps),
  storedFeeModelKind(input) {
    const stored = z
      .object({ feeBps: MaybeNumber, feeConfidence: maybe(route.FeeConfidenceSchema), feeDescription: MaybeText })
      .parse(input);
    return storedFeeModelKind(stored.feeBps, stored.feeConfidence, stored.feeDescription);
  },
  feeKindFromDescription(input) {
    const { feeDescription, confidence } = z
      .object({ feeDescription: MaybeText, confidence: maybe(route.FeeConfidenceSchema) })
      .parse(input);
    return feeKindFromDescription(feeDescription, confidence);
  },
  redemptionScore(input) {
    const { capacityScore: capacity, ...parts } = Parts.extend({ capacityScore: MaybeNumber }).parse(input);
    return redemptionScore(parts, capacity);
  },
  eventualRedeemabilityScore(input) {
    const { eventualCapacityUsd, eventualCapacityRatio, ...parts } = Parts.extend({
      eventualCapacityUsd: Usd,
      eventualCapacityRatio: MaybeNumber,
    }).parse(input);
    return eventualRedeemabilityScore(parts, eventualCapacityUsd, eventualCapacityRatio);
  },
  resolveCapacity(input) {
    const { model, supplyUsd, adapterCapacity, live } = z
      .object({ model: Capacity, supplyUsd: Usd, adapterCapacity: Tier, live: Live })
      .parse(input);
    return resolveCapacity(model, supplyUsd, adapterCapacity, live ?? NO_LIVE);
  },
  capacityConfidence: (input) => capacityConfidence(Capacity.parse(input)),
  capacitySemantics: (input) => capacitySemantics(Capacity.parse(input)),
  readbackCapacityConfidence(input) {
    const { provider, sourceMode } = z
      .object({ provider: MaybeText, sourceMode: maybe(enums.SourceModeSchema) })
      .parse(input);
    return readbackCapacityConfidence(provider, sourceMode);
  },
  readbackCapacitySemantics: (input) =>
    readbackCapacitySemantics(z.object({ provider: MaybeText }).parse(input).provider),
  modeledExitSizeUsd: (input) =>
    modeledExitSizeUsd(z.object({ circulatingSupplyUsd: Usd }).parse(input).circulatingSupplyUsd),
  effectiveExitScore(input) {
    const { liquidityScore, redemptionScore: score, options } = ExitInput.parse(input);
    return effectiveExitScore(liquidityScore, score, options ?? null);
  },
  defaultRouteExitCorrelation(input) {
    const { routeFamily, outputAssetType } = z
      .object({ routeFamily: Family, outputAssetType: maybe(route.OutputAssetTypeSchema) })
      .parse(input);
    return defaultRouteExitCorrelation(routeFamily, outputAssetType);
  },
  isStrongLiveDirectRoute: (input) =>
    isStrongLiveDirectRoute(
      z
        .object({
          capacityConfidence: maybe(enums.CapacityConfidenceSchema),
          capacityKind: maybe(enums.CapacityKindSchema),
          sourceMode: maybe(enums.SourceModeSchema),
          accessModel: maybe(route.AccessModelSchema),
          settlementModel: maybe(route.SettlementModelSchema),
        })
        .parse(input),
    ),
  isSevereDownsideDepeg(input) {
    const { peakDeviationBps, direction } = z
      .object({ peakDeviationBps: NumberOrNaN, direction: MaybeText })
      .parse(input);
    return isSevereDownsideDepeg(peakDeviationBps, direction);
  },
  severeDepegAvailability(input) {
    const { openDepegEvents, wrappers, now } = DepegInput.parse(input);
    const impaired = Object.fromEntries(severeDepegAvailability(openDepegEvents, wrappers, now));
    return { impaired, impairedIds: Object.keys(impaired).sort() };
  },
  outputDependencyImpairment(input) {
    const { weights, severePeakBps, id } = z
      .object({
        weights: z.record(z.string(), z.number()),
        severePeakBps: z.record(z.string(), z.number()),
        id: MaybeText,
      })
      .parse(input);
    return outputDependencyImpairment(weights, severePeakBps, id);
  },
  mergeRouteStatus(input) {
    const {
      static: written,
      live,
      severe,
      strongLiveDirect,
    } = z
      .object({
        static: z.object({
          routeStatus: enums.RouteStatusSchema,
          routeStatusSource: enums.RouteStatusSourceSchema.default("static-config"),
          configured: Flag,
        }),
        live: z.object(Status).nullish(),
        severe: Severe.nullish(),
        strongLiveDirect: Flag,
      })
      .parse(input);
    return mergeRouteStatus(written, live ?? null, severe ?? null, strongLiveDirect);
  },
  defaultHolderEligibility: (input) =>
    defaultHolderEligibility(z.object({ accessModel: maybe(route.AccessModelSchema) }).parse(input).accessModel),
  capacityBasis(input) {
    const {
      routeFamily,
      model,
      capacityConfidence: confidence,
    } = z
      .object({ routeFamily: Family, model: Capacity, capacityConfidence: maybe(enums.CapacityConfidenceSchema) })
      .parse(input);
    return capacityBasis(routeFamily, model, confidence);
  },
  modelConfidence(input) {
    const { now, ...inputs } = ConfidenceInput.parse(input);
    return modelConfidence({
      ...inputs,
      capacityConfidence: inputs.capacityConfidence ?? "heuristic",
      feeConfidence: inputs.feeConfidence ?? "undisclosed-reviewed",
      nowSec: now,
    });
  },
  reviewedDocAgeDays(input) {
    const { reviewedAt, now } = z.object({ reviewedAt: MaybeText, now: NumberOrNaN }).parse(input);
    return reviewedDocAgeDays(reviewedAt, now);
  },
  runStatus: (input) => runStatus(RunsInput.parse(input)),
  selectSnapshot(input) {
    const { completedRuns, ...table } = SnapshotInput.parse(input);
    return selectSnapshot({
      ...table,
      completedRuns: completedRuns.map((run) => ({ ...run, rowsReadable: run.rowsReadable ?? undefined })),
    });
  },
  resolveDocs(input) {
    const { config, meta } = DocsInput.parse(input);
    return resolveDocs(config, meta);
  },
  buildEntry(input) {
    const { config, live, severe, now, liveFeeUsable, ...given } = EntryInput.parse(input);
    return buildRow({
      ...given,
      stablecoinId: "case",
      route: config,
      live: live ?? NO_LIVE,
      liveFee: liveFee(liveFeeUsable, live?.feeBps ?? null),
      severe: severe ? (withoutNulls(severe) as SevereEvidence) : null,
      links: {},
      nowSec: now,
      methodologyVersion: "case",
    });
  },
};

function withoutNulls(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
