/**
 * What a simulated upstream is: a name, and one pure function from (request, world, time) to an answer.
 *
 * Adding one is one file in upstreams/ and one line in upstreams/index.ts. Faults, outages and stale feeds are no concern of
 * it: the server applies them around it.
 */
import type { World } from "./world.ts";

export interface SimRequest {
  method: string;
  /** Path below the upstream's prefix, decoded, with its leading slash. */
  path: string;
  query: URLSearchParams;
  /** Parsed JSON body of a POST, else null. */
  body: unknown;
}

export interface SimAnswer {
  status: number;
  headers?: Record<string, string>;
  /** Text is sent as it is, anything else as JSON. */
  body: unknown;
}

export interface SimUpstream {
  /** Upstream id of data/registry/upstreams.json; also its path prefix. */
  id: string;
  /** Null where the real one has no such page. */
  answer(request: SimRequest, world: World, nowSec: number): SimAnswer | null;
}

export function ok(body: unknown, headers?: Record<string, string>): SimAnswer {
  return headers ? { status: 200, headers, body } : { status: 200, body };
}

/** A price as venues print it: so many significant digits. */
export function significant(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

export function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

/** "2026-11-21" */
export function isoDay(timeSec: number): string {
  return new Date(timeSec * 1000).toISOString().slice(0, 10);
}

/** "2026-11-21T08:00:00Z" */
export function isoSecond(timeSec: number): string {
  return `${new Date(timeSec * 1000).toISOString().slice(0, 19)}Z`;
}

/** Values of a comma-separated query parameter, without empties. */
export function listOf(query: URLSearchParams, name: string): string[] {
  return (query.get(name) ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);
}
