/**
 * An enrichment pass: one way to find a price for coins that still have none. Pricing methodology, section 12.
 *
 * Passes run in the order of enrichment.ts; a coin belongs to the first pass whose quote the policy lets stand. A pass never touches
 * a coin that has a price.
 */
import type { LaneContext } from "../../lane.ts";
import type { Reason, SourceUse } from "../../schema/envelope.ts";
import { sourceFreshness } from "../freshness.ts";
import type { PriceBoard } from "../price-board.ts";

export interface PassReport {
  sources: SourceUse[];
  failures: Reason[];
}

export interface Pass {
  name: string;
  run(context: LaneContext, board: PriceBoard): Promise<PassReport>;
}

export function nothingDone(): PassReport {
  return { sources: [], failures: [] };
}

/** Why a quote that must state its time is not of this time, by its source's own limit; null: it is. */
export function untimely(source: string, observedAt: number | null, nowSec: number): string | null {
  return observedAt === null ? "missing_observed_at" : sourceFreshness(source, observedAt, "upstream", nowSec).reason;
}

/** What to report of a question that was not answered; a source without its key is no failure. */
export function failure(source: string, answer: { reason: string; detail: string }): Reason[] {
  return answer.reason === "disabled" ? [] : [{ code: `${source}-${answer.reason}`, message: answer.detail }];
}
