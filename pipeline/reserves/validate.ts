/**
 * What an adapter may not hand over: figures it never declared, figures that cannot be, times that are too old or not yet.
 *
 * Called before anything is stored, on data of unknown shape, so that one careless adapter cannot put a wrong capacity in the
 * record. A problem rejects the reading; a warning stores it and keeps it from scoring.
 */
import { type ReserveReading, ReserveReadingSchema, type ReserveWarning } from "../schema/reserves.ts";
import { type Declaration, warn } from "./adapter.ts";

/** A source time ahead of our clock by more is a broken clock. */
const AHEAD_SEC = 600;
const SLICES_WARN_PCT = 0.5;
const SLICES_REJECT_PCT = 2;
const DIRECT_KINDS = new Set(["live-direct", "live-direct-bounded"]);

export type Validated = { reading: ReserveReading } | { problem: string };

type Loose = Record<string, unknown>;

function loose(value: unknown): Loose {
  return typeof value === "object" && value !== null ? (value as Loose) : {};
}

/** Legacy flat figures obey the same bounds as the nested ones. */
function legacyProblem(metadata: Loose): string | null {
  const bounds: [string, number][] = [
    ["immediateRedeemableUsd", Number.MAX_VALUE],
    ["immediateRedeemableRatio", 1],
    ["redemptionFeeBps", 10_000],
  ];
  for (const [name, most] of bounds) {
    const value = metadata[name];
    if (value === undefined) continue;
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0 || value > most)
      return `metadata.${name} is ${JSON.stringify(value)}`;
  }
  return null;
}

function declarationProblem(metadata: Loose, { telemetry }: Pick<Declaration, "telemetry">): string | null {
  const nested = loose(metadata.redemption);
  const gives = (...names: [Loose, string][]) => names.find(([from, name]) => from[name] !== undefined)?.[1];
  const capacity = gives(
    [nested, "capacityUsd"],
    [nested, "capacityRatioOfSupply"],
    [metadata, "immediateRedeemableUsd"],
    [metadata, "immediateRedeemableRatio"],
  );
  if (telemetry.capacity === "none" && capacity !== undefined)
    return `${capacity} from an adapter that declares no capacity`;
  const fee = gives([nested, "feeBps"], [metadata, "redemptionFeeBps"]);
  if (telemetry.fee === "none" && fee !== undefined) return `${fee} from an adapter that declares no fee`;
  if (telemetry.capacity === "proxy" && DIRECT_KINDS.has(String(nested.capacityKind)))
    return `the direct kind ${nested.capacityKind} from an adapter that declares a proxy`;
  return null;
}

function sliceSum(reading: ReserveReading): number | null {
  return reading.slices.length === 0 ? null : reading.slices.reduce((sum, { pct }) => sum + pct, 0);
}

function timeProblem(reading: ReserveReading, nowSec: number): string | null {
  const times = [reading.metadata.sourceTimestamp, reading.metadata.redemption?.sourceTimestamp];
  const ahead = times.find((time) => time !== undefined && time > nowSec + AHEAD_SEC);
  return ahead === undefined ? null : "the source's time is ahead of the clock";
}

/** What keeps a reading from scoring, beside what the adapter itself found. */
function moreWarnings(
  reading: ReserveReading,
  { policy }: Pick<Declaration, "policy">,
  nowSec: number,
): ReserveWarning[] {
  const { metadata } = reading;
  const warnings: ReserveWarning[] = [];
  const sum = sliceSum(reading);
  if (sum !== null && Math.abs(sum - 100) > SLICES_WARN_PCT)
    warnings.push(warn("info", "slices-off", `The parts sum to ${sum.toFixed(1)} %`));
  if (!policy.freshnessModes.includes(metadata.freshnessMode))
    warnings.push(
      warn("degraded", "freshness-mode", `The freshness "${metadata.freshnessMode}" is not expected of this adapter`),
    );
  const time = metadata.redemption?.sourceTimestamp ?? metadata.sourceTimestamp;
  if (policy.maxSourceAgeSec !== null && time !== undefined && nowSec - time > policy.maxSourceAgeSec)
    warnings.push(warn("degraded", "source-stale", "The source's own time is older than it may be"));
  if ((metadata.unknownExposurePct ?? 0) > policy.maxUnknownExposurePct)
    warnings.push(warn("degraded", "unknown-exposure", "Too much of the reserves is of a kind nobody reviewed"));
  const nested = metadata.redemption;
  const says = [nested?.queueDepthUsd, nested?.settlementDelaySec, nested?.dailyLimitUsd].some(
    (value) => value !== undefined,
  );
  if (nested?.capacityKind === "live-queue" && !says)
    warnings.push(warn("degraded", "queue-unknown", "A queue without depth, delay or limit"));
  return warnings;
}

/** A result of unknown shape as a reading that may be stored, or why not. */
export function validateReading(
  result: unknown,
  declaration: Pick<Declaration, "telemetry" | "policy">,
  nowSec: number,
): Validated {
  const raw = loose(result);
  const metadata = loose(raw.metadata);
  const refused = legacyProblem(metadata) ?? declarationProblem(metadata, declaration);
  if (refused !== null) return { problem: refused };
  const parsed = ReserveReadingSchema.safeParse({ ...raw, fetchedAt: nowSec, syncStatus: "ok" });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { problem: `${issue?.path.join(".") || "the result"}: ${issue?.message}` };
  }
  const reading = parsed.data;
  const sum = sliceSum(reading);
  if (sum !== null && Math.abs(sum - 100) > SLICES_REJECT_PCT)
    return { problem: `the parts sum to ${sum.toFixed(1)} %` };
  const late = timeProblem(reading, nowSec);
  if (late !== null) return { problem: late };
  const fatal = reading.warnings.find(({ effect }) => effect === "fatal");
  if (fatal !== undefined) return { problem: fatal.message };
  const warnings = [...reading.warnings, ...moreWarnings(reading, declaration, nowSec)];
  const syncStatus = warnings.some(({ effect }) => effect === "degraded") ? "degraded" : "ok";
  return { reading: { ...reading, warnings, syncStatus } };
}
