/**
 * What a source is: one endpoint of one upstream, from request to validated, typed observations. No decisions here.
 *
 * A source file exports one object of this type. `parse` gives exactly the result that the conformance label
 * `parse:<id>` describes, so the same code reads the live wire, a recording and a stranger's test case.
 */
import type { JsonRpc } from "./json-rpc.ts";

export interface Source<Request, Out> {
  /** `<upstream>:<endpoint>`, e.g. "coingecko:simple-price". */
  id: string;
  /** Key in data/registry/upstreams.json: base URL, limits, key name. */
  upstream: string;
  /** Circuit key, or null where the method says the source is not gated. */
  breaker: string | null;
  /** Where a stranger reads about this endpoint. */
  docs: string;
  /** A small request to try the source with: `plumbline source ID` asks this. */
  example: Request;
  /** Asks the upstream (one or more calls) and gives the parsed answer. Throws SourceUnavailable or SourceChanged. */
  fetch(http: Http, request: Request): Promise<Out>;
  /** Unknown JSON to typed rows. Throws SourceChanged with code bad-shape, upstream-error or rpc-error. */
  parse(body: unknown, request: Request): Out;
  /** How many rows, for the run report. */
  rows(out: Out): number;
  /** Whether this answer counts as a success for the circuit breaker. */
  isUsable(out: Out): boolean;
}

/** A source of which only the id and the wire matter; parameters are checked by the source itself. */
export type AnySource = Source<unknown, unknown>;

/** One request to an upstream; the client adds base URL, limits, retries, budget, redaction and recording. */
export interface HttpRequest {
  /** Path below the upstream's base URL; "" asks the base URL itself. `{key}` stands for the upstream's key. */
  path: string;
  /** In the order given; a list repeats its name. `{key}` in a value stands for the upstream's key. */
  query?: Record<string, string | number | readonly string[] | undefined>;
  method?: "GET" | "POST";
  /** JSON body of a POST. */
  body?: unknown;
  /** `{key}` in a value stands for the upstream's key; a header that needs a key that is not set is left out. */
  headers?: Record<string, string>;
  /** Total time allowed for one attempt, default from the upstream's entry. */
  timeoutMs?: number;
  /** Attempts after the first, default from the upstream's entry. */
  retries?: number;
  /** False where another host should be asked instead of this one again: only network errors are retried then. */
  retryStatuses?: boolean;
  /** Statuses that are returned instead of thrown (a 404 is a failure unless it is named here). */
  passthroughStatuses?: readonly number[];
  /** "text" for an upstream that answers no JSON: the body is then its text. */
  reads?: "json" | "text";
}

export interface HttpAnswer {
  status: number;
  /** Parsed JSON, depth-checked, or the text where that was asked for; null where a passed-through status came without JSON. */
  body: unknown;
}

/** What a source sees of the one client. */
export interface Http {
  json(upstream: string, request: HttpRequest): Promise<HttpAnswer>;
  /** The key an upstream has in the environment, or null when it is not set. Prefer `{key}` in the request. */
  key(upstream: string): string | null;
  /** Name of the environment variable an upstream cannot do without and that is not set, else null. */
  missingKey(upstream: string): string | null;
  /** Chains over this same client. */
  rpc: JsonRpc;
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
