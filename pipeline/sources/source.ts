/**
 * What a source is: one endpoint of one upstream, from request to validated, typed observations. No decisions here.
 *
 * A source file exports one object of this type. `parse` gives exactly the result that the conformance label
 * `parse:<id>` describes, so the same code reads the live wire, a recording and a stranger's test case.
 */
export interface Source<Request, Out> {
  /** `<upstream>:<endpoint>`, e.g. "coingecko:simple-price". */
  id: string;
  /** Key in data/registry/upstreams.json: base URL, limits, key name. */
  upstream: string;
  /** Circuit key, or null where the method says the source is not gated. */
  breaker: string | null;
  /** Where a stranger reads about this endpoint. */
  docs: string;
  /** Asks the upstream (one or more calls) and gives the parsed answer. Throws SourceUnavailable or SourceChanged. */
  fetch(http: Http, request: Request): Promise<Out>;
  /** Unknown JSON to typed rows. Throws SourceChanged with code bad-shape, upstream-error or rpc-error. */
  parse(body: unknown, request: Request): Out;
  /** Whether this answer counts as a success for the circuit breaker. */
  isUsable(out: Out): boolean;
}

/** One request to an upstream; the client adds base URL, limits, retries, budget, redaction and recording. */
export interface HttpRequest {
  /** Path below the upstream's base URL, or an absolute URL found in upstreams.json. */
  path: string;
  query?: Record<string, string | number | readonly string[] | undefined>;
  method?: "GET" | "POST";
  /** JSON body of a POST. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Total time allowed for one attempt, default 15,000. */
  timeoutMs?: number;
  /** Attempts after the first, default from the upstream's entry. */
  retries?: number;
  /** Statuses that are returned instead of thrown (a 404 is a failure unless it is named here). */
  passthroughStatuses?: readonly number[];
}

export interface HttpAnswer {
  status: number;
  /** Parsed JSON, depth-checked. */
  body: unknown;
}

/** What a source sees of the one client. */
export interface Http {
  json(upstream: string, request: HttpRequest): Promise<HttpAnswer>;
  /** The key an upstream needs from the environment, or null when it is not set. */
  key(upstream: string): string | null;
  /** Run clock, unix seconds. All observations of a run that use our own clock carry this time. */
  nowSec: number;
}

/** A price as an upstream states it; the wire shape named "quotes" in the conformance page. */
export interface Quote {
  /** The upstream's own key: pair, feed id without 0x, mint, coin id, `chain:address`. */
  key: string;
  /** Price in `quote` currency. */
  price: number;
  /** Quote currency, upper case. */
  quote: string;
  /** Equals `price` when `quote` is USD, else null: conversion is not parsing. */
  priceUsd: number | null;
  /** Unix seconds, or null where the answer has none. */
  observedAt: number | null;
}
