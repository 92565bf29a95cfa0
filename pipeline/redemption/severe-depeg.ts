/**
 * Severe depegs against routes: when the market says that redemption at par is not happening, old documents do not score.
 *
 * Method section 10. A coin that wraps another one inherits the other's own depeg, one level deep: what comes out is impaired
 * however well the wrapper pays.
 */
import { utcDay } from "../time.ts";

export const SEVERE_DEPEG_BPS = 2_500;

export interface OpenDepeg {
  stablecoinId: string;
  /** Signed, below peg negative. */
  peakDeviationBps: number;
  direction?: string | null | undefined;
  startedAt: number;
}

export interface Wrapper {
  id: string;
  variantOf: string | null;
  pegReferenceId: string | null;
}

export interface SevereDepeg {
  routeStatus: "degraded";
  routeStatusSource: "market-implied";
  routeStatusReason: string;
  /** UTC date of the run. */
  routeStatusReviewedAt: string;
  activeDepegBps: number;
  activeDepegStartedAt: number;
  activeDepegDirection: "below";
  outputImpairedDependencyId?: string;
  outputImpairedShare?: number;
}

export function isSevereDownsideDepeg(peakDeviationBps: number, direction: string | null): boolean {
  if (!Number.isFinite(peakDeviationBps) || Math.abs(peakDeviationBps) < SEVERE_DEPEG_BPS) return false;
  if (direction === "below") return true;
  return direction !== "above" && peakDeviationBps < 0;
}

function evidenceOf(depeg: OpenDepeg, nowSec: number): SevereDepeg {
  const bps = Math.abs(depeg.peakDeviationBps);
  return {
    routeStatus: "degraded",
    routeStatusSource: "market-implied",
    routeStatusReason: `Traded ${bps} bps below its peg at worst in a depeg open since ${utcDay(depeg.startedAt)}`,
    routeStatusReviewedAt: utcDay(nowSec),
    activeDepegBps: bps,
    activeDepegStartedAt: depeg.startedAt,
    activeDepegDirection: "below",
  };
}

/** Evidence by coin id. `wrappers` are the configured coins with what they wrap and what their peg refers to. */
export function severeDepegAvailability(
  openDepegs: readonly OpenDepeg[],
  wrappers: readonly Wrapper[],
  nowSec: number,
): Map<string, SevereDepeg> {
  const own = new Map<string, OpenDepeg>();
  for (const depeg of openDepegs) {
    if (!isSevereDownsideDepeg(depeg.peakDeviationBps, depeg.direction ?? null)) continue;
    const worst = own.get(depeg.stablecoinId);
    if (worst === undefined || Math.abs(depeg.peakDeviationBps) > Math.abs(worst.peakDeviationBps))
      own.set(depeg.stablecoinId, depeg);
  }
  const evidence = new Map([...own].map(([id, depeg]) => [id, evidenceOf(depeg, nowSec)]));
  for (const { id, variantOf, pegReferenceId } of wrappers) {
    if (variantOf === null || variantOf !== pegReferenceId || variantOf === id) continue;
    const parent = own.get(variantOf);
    if (parent === undefined) continue;
    const base = evidence.get(id) ?? {
      ...evidenceOf(parent, nowSec),
      routeStatusReason: `Pays out ${variantOf}, which traded ${Math.abs(parent.peakDeviationBps)} bps below its peg at worst in a depeg open since ${utcDay(parent.startedAt)}`,
    };
    evidence.set(id, { ...base, outputImpairedDependencyId: variantOf, outputImpairedShare: 1 });
  }
  return evidence;
}

/** Beyond the method, off by default: what comes out is a mix, part of which is severely depegged. Section 10.3. */
export function outputDependencyImpairment(
  weights: Readonly<Record<string, number>>,
  severePeakBps: Readonly<Record<string, number>>,
  selfId: string | null,
): { impairedDependencyId: string; outputImpairedShare: number; overLeveragedComposition: boolean } | null {
  const parts = Object.entries(weights)
    .filter(([id, weight]) => id !== selfId && Number.isFinite(weight) && weight > 0)
    .map(([id, weight]): [string, number] => [id, Math.min(1, weight)]);
  const impaired = parts.filter(([id]) => severePeakBps[id] !== undefined);
  const sum = (list: [string, number][]) => list.reduce((total, [, weight]) => total + weight, 0);
  const depth = (id: string) => Math.abs(severePeakBps[id] ?? 0);
  const worst = impaired.reduce<string | null>((a, [b]) => (a === null || depth(b) > depth(a) ? b : a), null);
  if (worst === null) return null;
  return {
    impairedDependencyId: worst,
    outputImpairedShare: Math.max(0, Math.min(1, sum(impaired))),
    overLeveragedComposition: sum(parts) > 1 + 1e-9,
  };
}
