/**
 * Faults by script: which requests go wrong, when, how often and how, on a real socket.
 *
 * A script is plain data, so a test, a demo or a file can hold it. The first fault that matches a request is applied;
 * one with `times` retires after so many requests.
 */
import type { ServerResponse } from "node:http";
import type { SimAnswer } from "./upstream.ts";

const MEBIBYTE = 1_048_576;
const DAY_SEC = 86_400;
export const DEFAULT_STALE_SEC = 3 * DAY_SEC;
const DEFAULT_OVERSIZE_BYTES = 64 * MEBIBYTE;
const DEFAULT_NESTING_BYTES = MEBIBYTE;
const CHUNK_BYTES = 65_536;
const ERROR_PAGE =
  "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>";

export type FaultKind =
  /** The given status, 500 by default, with `retryAfter` when given. */
  | "status"
  /** Never answers. */
  | "hang"
  /** Resets the connection without an answer. */
  | "reset"
  /** Announces the whole length, sends half, closes. */
  | "truncate"
  /** Streams `bytes` of JSON without end in sight. */
  | "oversize"
  /** Numbers and number-like texts become the text "lots". */
  | "wrong-types"
  /** Numbers become a bare NaN, as careless encoders write it; number-like texts become "NaN". */
  | "nan"
  /** Values and timestamps of `ageSec` ago, three days by default. */
  | "stale"
  /** A web page with status 200. */
  | "html"
  /** `bytes` of nested lists. */
  | "deep-nesting"
  /** Status 200 without a body. */
  | "empty";

export interface Fault {
  /** Upstream id; `rpc:eip155:1` for one chain's node, `rpc` for all nodes. */
  upstream: string;
  kind: FaultKind;
  /** Regular expression over the path below the prefix, with its query; for nodes over the method names. */
  path?: string;
  /** Simulated time from which, and before which, it applies. */
  fromSec?: number;
  toSec?: number;
  /** How many requests it spoils; left out, all. */
  times?: number;
  status?: number;
  /** Seconds, or an HTTP date. */
  retryAfter?: number | string;
  ageSec?: number;
  bytes?: number;
}

/** Holds a script and counts what it has spoilt. */
export class FaultScript {
  readonly #faults: { fault: Fault; pattern: RegExp | null; left: number }[];

  constructor(faults: readonly Fault[]) {
    this.#faults = faults.map((fault) => ({
      fault,
      pattern: fault.path === undefined ? null : new RegExp(fault.path),
      left: fault.times ?? Number.POSITIVE_INFINITY,
    }));
  }

  /** The fault for a request, if any; counts it as used. */
  take(upstream: string, path: string, nowSec: number): Fault | null {
    const found = this.#faults.find(
      ({ fault, pattern, left }) =>
        left > 0 &&
        (fault.upstream === upstream || upstream.startsWith(`${fault.upstream}:`)) &&
        (pattern === null || pattern.test(path)) &&
        nowSec >= (fault.fromSec ?? Number.NEGATIVE_INFINITY) &&
        nowSec < (fault.toSec ?? Number.POSITIVE_INFINITY),
    );
    if (!found) return null;
    found.left -= 1;
    return found.fault;
  }
}

/** An answer's body as it goes over the wire. */
export function bodyText(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

const isNumeric = (value: unknown) => typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value);

function spoilNumbers(body: unknown, number: string, text: string): string {
  const marker = "\u0000number";
  const spoilt = JSON.stringify(JSON.parse(bodyText(body)), (_key, value: unknown) =>
    typeof value === "number" ? marker : isNumeric(value) ? text : value,
  );
  return spoilt.replaceAll(JSON.stringify(marker), number);
}

/** The answer a fault makes of a good one, for the faults that are a matter of content. */
export function spoiltAnswer(answer: SimAnswer, fault: Fault): SimAnswer {
  switch (fault.kind) {
    case "status": {
      const status = fault.status ?? 500;
      const body = { status: { error_code: status, error_message: "simulated fault" } };
      return fault.retryAfter === undefined
        ? { status, body }
        : { status, body, headers: { "retry-after": String(fault.retryAfter) } };
    }
    case "wrong-types":
      return { ...answer, body: spoilNumbers(answer.body, '"lots"', "lots") };
    case "nan":
      return { ...answer, body: spoilNumbers(answer.body, "NaN", "NaN") };
    case "html":
      return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: ERROR_PAGE };
    case "deep-nesting": {
      const depth = Math.floor((fault.bytes ?? DEFAULT_NESTING_BYTES) / 2);
      return { ...answer, body: "[".repeat(depth) + "]".repeat(depth) };
    }
    case "empty":
      return { ...answer, body: "" };
    default:
      return answer;
  }
}

/** Plays the faults that are a matter of the socket; true when it has taken the response over. */
export function playOnSocket(
  response: ServerResponse,
  headers: Record<string, string>,
  answer: SimAnswer,
  fault: Fault,
): boolean {
  switch (fault.kind) {
    case "hang":
      return true;
    case "reset":
      response.socket?.resetAndDestroy();
      return true;
    case "truncate": {
      const bytes = Buffer.from(bodyText(answer.body));
      response.writeHead(answer.status, { ...headers, "content-length": String(bytes.length) });
      response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
      return true;
    }
    case "oversize":
      response.writeHead(200, headers);
      streamEndlessly(response, fault.bytes ?? DEFAULT_OVERSIZE_BYTES);
      return true;
    default:
      return false;
  }
}

/** A list of zeros in chunks, as fast as the reader takes them, until `bytes` are sent or the reader leaves. */
function streamEndlessly(response: ServerResponse, bytes: number): void {
  const chunk = Buffer.from("0,".repeat(CHUNK_BYTES / 2));
  let left = bytes;
  const pump = () => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) {
        response.once("drain", pump);
        return;
      }
    }
    if (!response.destroyed) response.end("0]");
  };
  response.write("[");
  pump();
}
