/**
 * How a lane asks a source: key and circuit first, then the question, and every outcome written down.
 *
 * It never throws for upstream trouble, so one silent upstream cannot stop a lane; a mistake in our own code still throws.
 * A source that is switched off for want of a key, or that refuses our network by law, is not a failure of the upstream and
 * leaves its circuit as it is.
 */
import { PlumblineError, SourceChanged, SourceUnavailable } from "../errors.ts";
import type { Breakers } from "./breaker.ts";
import { HttpRefused } from "./client-errors.ts";
import type { Http, Source } from "./source.ts";

export type CollectReason = "disabled" | "breaker-open" | "blocked" | "unavailable" | "changed" | "unusable";

export type Collected<Out> =
  | { ok: true; value: Out; fetchedAt: number }
  | {
      ok: false;
      reason: CollectReason;
      /** For people; holds no secret. */
      detail: string;
      /** When asking again makes sense, unix seconds, where that is known. */
      retryAtSec?: number;
    };

/** One line of the run manifest. */
export interface SourceReport {
  source: string;
  upstream: string;
  ok: boolean;
  reason: CollectReason | null;
  detail: string | null;
  rows?: number;
}

export interface CollectContext {
  http: Http;
  breakers: Breakers;
  /** Appended to, in the order in which the questions ended. */
  report: SourceReport[];
}

export async function collect<Request, Out>(
  source: Source<Request, Out>,
  request: Request,
  { http, breakers, report }: CollectContext,
): Promise<Collected<Out>> {
  const { nowSec } = http;
  const { id, upstream, breaker } = source;

  function failed(reason: CollectReason, detail: string, retryAtSec?: number | null): Collected<Out> {
    report.push({ source: id, upstream, ok: false, reason, detail });
    return { ok: false, reason, detail, ...(retryAtSec == null ? {} : { retryAtSec }) };
  }

  const missingKey = http.missingKey(upstream);
  if (missingKey !== null) return failed("disabled", `${missingKey} is not set`);
  if (breaker !== null && !breakers.shouldAttempt(breaker, nowSec)) {
    return failed("breaker-open", `the circuit ${breaker} is open`, breakers.probeAt(breaker));
  }

  try {
    const value = await source.fetch(http, request);
    const isUsable = source.isUsable(value);
    if (breaker !== null) breakers.recordOutcome(breaker, isUsable, nowSec);
    if (!isUsable) return failed("unusable", `${id} answered, but with nothing usable`);
    report.push({ source: id, upstream, ok: true, reason: null, detail: null, rows: source.rows(value) });
    return { ok: true, value, fetchedAt: nowSec };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null || !(error instanceof PlumblineError)) throw error;
    const isOutcome = reason === "unavailable" || reason === "changed";
    if (breaker !== null && isOutcome && error.code !== "not-recorded") breakers.recordOutcome(breaker, false, nowSec);
    const waitSec = error instanceof HttpRefused ? error.retryAfterSec : null;
    return failed(reason, error.message, waitSec === null ? null : nowSec + waitSec);
  }
}

/** Null for what is no upstream trouble. */
function reasonOf(error: unknown): CollectReason | null {
  if (error instanceof SourceChanged) return "changed";
  if (!(error instanceof SourceUnavailable)) return null;
  if (error.code === "no-key") return "disabled";
  return error.code === "blocked" ? "blocked" : "unavailable";
}
