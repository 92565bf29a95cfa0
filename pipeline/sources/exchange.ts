/**
 * One HTTP request on a real socket, from dialling to text, with every limit that protects a run.
 *
 * It never throws for what the network or the upstream does: the outcome is a value, so a recording can hold a hang as well
 * as an answer. Error texts of the socket layer are dropped on purpose, as they carry hosts, ports and sometimes whole URLs.
 * Redirects are not followed: a key must not travel to a host that upstreams.json does not name.
 */
import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { Agent, request } from "undici";
import { createDepthGuard } from "./json.ts";
import { retryAfterSeconds } from "./times.ts";

/** `connection`: reset or cut short. `unreachable`: no such host, refused, no route. The rest says itself. */
export type FailureCode = "timeout" | "connection" | "unreachable" | "too-large" | "too-deep" | "bad-encoding";

export interface Answer {
  status: number;
  contentType: string | null;
  retryAfterSec: number | null;
  text: string;
}

export type Outcome = { answer: Answer } | { failure: FailureCode };

export interface WireRequest {
  url: string;
  method: "GET" | "POST";
  headers: Record<string, string>;
  body: string | undefined;
  timeoutMs: number;
  maxBytes: number;
}

/** Keep-alive connections shared by a run; destroy it at the end or the process lingers. */
export function createAgent(timeoutMs: number): Agent {
  return new Agent({ connect: { timeout: timeoutMs }, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
}

export async function exchange(agent: Agent, wire: WireRequest): Promise<Outcome> {
  try {
    const response = await request(wire.url, {
      dispatcher: agent,
      method: wire.method,
      headers: { "accept-encoding": "gzip, br", ...wire.headers },
      body: wire.body,
      headersTimeout: wire.timeoutMs,
      bodyTimeout: wire.timeoutMs,
      signal: AbortSignal.timeout(wire.timeoutMs),
    });
    const header = (name: string): string | null => {
      const value = response.headers[name];
      return (Array.isArray(value) ? value[0] : value) ?? null;
    };
    const read = await readText(response.body, header("content-encoding"), header("content-length"), wire.maxBytes);
    if ("failure" in read) return read;
    return {
      answer: {
        status: response.statusCode,
        contentType: header("content-type"),
        retryAfterSec: retryAfterSeconds(header("retry-after"), header("date")),
        text: read.text,
      },
    };
  } catch (error) {
    return { failure: failureCode(error) };
  }
}

async function readText(
  body: Readable,
  encoding: string | null,
  contentLength: string | null,
  maxBytes: number,
): Promise<{ text: string } | { failure: FailureCode }> {
  const refuse = (failure: FailureCode): { failure: FailureCode } => {
    body.on("error", () => {}); // destroying it is our own doing
    body.destroy();
    return { failure };
  };
  if (Number(contentLength ?? 0) > maxBytes) return refuse("too-large");
  const plain = decompressed(body, encoding);
  if (plain === null) return refuse("bad-encoding");

  const chunks: Buffer[] = [];
  const isShallow = createDepthGuard();
  let bytes = 0;
  for await (const chunk of plain as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return refuse("too-large");
    if (!isShallow(chunk)) return refuse("too-deep");
    chunks.push(chunk);
  }
  return { text: new TextDecoder().decode(Buffer.concat(chunks)) };
}

/** The body as sent before compression, or null for an encoding we did not ask for. */
function decompressed(body: Readable, encoding: string | null): Readable | null {
  const decoder = {
    "": () => null,
    identity: () => null,
    gzip: createGunzip,
    "x-gzip": createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
  }[(encoding ?? "").trim().toLowerCase()];
  if (decoder === undefined) return null;
  const transform = decoder();
  return transform === null ? body : pipeline(body, transform, () => {});
}

const TIMEOUTS = new Set(["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"]);
const UNREACHABLE = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ERR_INVALID_URL",
  "UND_ERR_INVALID_ARG",
]);

function failureCode(error: unknown): FailureCode {
  if (!(error instanceof Error)) return "connection";
  if (error.name === "TimeoutError" || error.name === "AbortError") return "timeout";
  const code = (error as NodeJS.ErrnoException).code ?? (error.cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === undefined) return "connection";
  if (TIMEOUTS.has(code)) return "timeout";
  return UNREACHABLE.has(code) || code.startsWith("CERT_") || code.startsWith("ERR_TLS") ? "unreachable" : "connection";
}
