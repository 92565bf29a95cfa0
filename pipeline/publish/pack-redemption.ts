/**
 * Redemption rows as they lie in git: scores of words follow from the words, the evidence from its labels, ages from the review
 * date and the run, what is null is left out. A run in which nothing moved adds next to nothing.
 */
import { componentScore, confidenceParts, modeledExitSizeUsd, queueEnabled } from "../redemption-figures.ts";
import type {
  CapacityProfile,
  RedemptionBackstops,
  RedemptionRow,
  RedemptionRun,
  RouteDocs,
} from "../schema/redemption.ts";
import { packRow, unpackRow } from "./pack-defaults.ts";
import type { Row } from "./pack-times.ts";

/** What most rows say. Older files are read with these too: a value here may never change. */
const USUAL = {
  resolutionState: "resolved",
  sourceMode: "estimated",
  routeStatus: "open",
  routeStatusSource: "static-config",
  capacityConfidence: "documented-bound",
  capacitySemantics: "eventual-only",
  feeConfidence: "undisclosed-reviewed",
  feeModelKind: "undisclosed-reviewed",
  modelConfidence: "medium",
} satisfies Partial<RedemptionRow>;

const NULLS = {
  score: null,
  effectiveExitScore: null,
  dexLiquidityScore: null,
  eventualRedeemabilityScore: null,
  capacityScore: null,
  costScore: null,
  routeStatusReason: null,
  routeStatusReviewedAt: null,
  immediateCapacityUsd: null,
  immediateCapacityRatio: null,
  feeBps: null,
  feeDescription: null,
  costScenarioScores: null,
  docs: null,
  notes: [],
  capsApplied: [],
} satisfies Partial<RedemptionRow>;

function profileOf(row: Partial<RedemptionRow>): Row {
  const immediate = row.immediateCapacityUsd ?? null;
  return {
    immediateUsd: immediate,
    dailyLimitUsd: row.dailyLimitUsd ?? null,
    queuedUsd: row.queueDepthUsd ?? null,
    eventualUsd: null,
    scoringUsd: immediate,
    capacityProfileConfidence: row.capacityConfidence,
    scoringHorizon: row.provider === "supply-full-model" ? "eventual" : "immediate",
  };
}

/** The exit size follows from supply, where the row shows it. */
function exitSizeOf(row: Partial<RedemptionRow>, profile: Partial<CapacityProfile>): Row {
  const { immediateCapacityUsd: usd, immediateCapacityRatio: ratio } = row;
  const supplyUsd = profile.eventualUsd ?? (usd && ratio ? usd / ratio : null);
  return { modeledExitSizeUsd: modeledExitSizeUsd(supplyUsd ?? null) };
}

function derivedRow(stablecoinId: string, run: Pick<RedemptionRun, "startedAt" | "methodologyVersion">) {
  return (fields: Row): Row => {
    const row = { ...NULLS, ...USUAL, ...fields } as unknown as RedemptionRow;
    return {
      ...NULLS,
      ...USUAL,
      stablecoinId,
      accessScore: componentScore("access", row.accessModel),
      settlementScore: componentScore("settlement", row.settlementModel),
      executionCertaintyScore: componentScore("execution", row.executionModel),
      outputAssetQualityScore: componentScore("outputAsset", row.outputAssetType),
      queueEnabled: queueEnabled(row.routeFamily, row.settlementModel),
      updatedAt: run.startedAt,
      methodologyVersion: run.methodologyVersion,
    };
  };
}

/** A link is its first source's. */
function derivedDocs(docs: Row): Row {
  const [first] = (docs as Partial<RouteDocs>).sources ?? [];
  return { label: first?.label, url: first?.url, provenance: "config-reviewed" };
}

function derivedEvidence(row: RedemptionRow, nowSec: number): Row {
  const parts = confidenceParts({
    ...row,
    freshnessKind: row.freshnessKind ?? null,
    reviewedAt: row.docs?.reviewedAt ?? null,
    nowSec,
  });
  return { ...parts, reasons: [] };
}

/** The run's own times are the file's. */
function derivedRun(generatedAt: number, methodologyVersion: string) {
  return () => ({
    startedAt: generatedAt,
    completedAt: generatedAt,
    minUpdatedAt: generatedAt,
    maxUpdatedAt: generatedAt,
    methodologyVersion,
  });
}

export function packRedemption(data: RedemptionBackstops, generatedAt: number): Row {
  const { version } = data.methodology;
  const coins = Object.entries(data.coins).map(([id, row]) => {
    const { capacityProfile, confidenceDetails, docs, ...rest } = row;
    const profile = packRow(
      packRow(capacityProfile, () => exitSizeOf(row, capacityProfile)),
      () => profileOf(row),
    );
    const evidence = packRow(confidenceDetails, () => derivedEvidence(row, generatedAt));
    const run = { startedAt: generatedAt, methodologyVersion: version };
    return [id, { ...packRow(rest, derivedRow(id, run)), ...notEmpty({ profile, evidence }), ...packedDocs(docs) }];
  });
  const { updatedAt, ...rest } = data;
  return {
    ...rest,
    ...(updatedAt === generatedAt ? {} : { updatedAt }),
    coins: Object.fromEntries(coins),
    run: packRow(data.run, derivedRun(generatedAt, version)),
  };
}

function packedDocs(docs: RouteDocs | null): Row {
  return docs === null ? {} : { docs: packRow(docs, derivedDocs) };
}

function notEmpty(fields: Record<string, Row>): Row {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => Object.keys(value).length > 0));
}

interface Packed {
  coins: Record<string, Row & { profile?: Row; evidence?: Row }>;
  methodology: { version: string };
  run: Row;
}

export function unpackRedemption(packed: Packed & Row, generatedAt: number): Row {
  const { version } = packed.methodology;
  const coins = Object.entries(packed.coins).map(([id, { profile = {}, evidence = {}, ...fields }]) => {
    const run = { startedAt: generatedAt, methodologyVersion: version };
    const docs = fields.docs ? { docs: unpackRow(fields.docs as Row, derivedDocs) } : {};
    const row = unpackRow({ ...fields, ...docs }, derivedRow(id, run)) as unknown as RedemptionRow;
    const shown = unpackRow(profile, () => profileOf(row));
    const capacityProfile = unpackRow(shown, () => exitSizeOf(row, shown as Partial<CapacityProfile>));
    const confidenceDetails = unpackRow(evidence, () => derivedEvidence(row, generatedAt));
    return [id, { ...row, capacityProfile, confidenceDetails }];
  });
  return {
    updatedAt: generatedAt,
    ...packed,
    coins: Object.fromEntries(coins),
    run: unpackRow(packed.run, derivedRun(generatedAt, version)),
  };
}
