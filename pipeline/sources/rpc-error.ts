/**
 * JSON-RPC answers and refusals. A node may send its error with HTTP 200, so only the body tells whether a call worked.
 *
 * `splittable` says whether a smaller block range may succeed where this one was refused: providers word their limits
 * differently and often use a generic code for them. Rules: flows method, section 4.
 */
import { SourceChanged } from "../errors.ts";
import { excerpt, redactUrls } from "./redact.ts";

export class RpcError extends SourceChanged {
  /** The node's own code, e.g. -32005. */
  readonly rpcCode: number | null;
  readonly splittable: boolean;

  constructor(where: string, rpcCode: number | null, message: string) {
    super(`${where} refused: ${message}${rpcCode === null ? "" : ` (${rpcCode})`}`, { code: "rpc-error", where });
    this.rpcCode = rpcCode;
    this.rpcMessage = message;
    this.splittable = isSplittable({ rpcCode, message });
  }

  /** The node's own words. */
  readonly rpcMessage: string;
}

/** Alchemy says a range that would work at the end of more than 300 characters. */
const LONGEST_MESSAGE = 600;
const SPLITTABLE_CODES = new Set([-32005, -32000]);
const SPLITTABLE_WORDS = [
  "block range",
  "query timeout",
  "timed out",
  "too many results",
  "response size",
  "result set too large",
  "more than",
  "limit exceeded",
];

export function isSplittable(refusal: { status?: number; rpcCode?: number | null; message?: string }): boolean {
  const { status = 200, rpcCode = null, message = "" } = refusal;
  if (status >= 500 || status === 429 || status === 408) return true;
  if (rpcCode !== null && SPLITTABLE_CODES.has(rpcCode)) return true;
  const words = message.toLowerCase();
  return SPLITTABLE_WORDS.some((word) => words.includes(word));
}

/** The `result` of a JSON-RPC answer. Throws RpcError for its `error`, SourceChanged for anything else. */
export function rpcResult(body: unknown, where: string): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw notJsonRpc(where);
  const { jsonrpc, error, result, status } = body as Record<string, unknown>;
  if ((typeof error === "object" && error !== null && !Array.isArray(error)) || typeof error === "string") {
    throw rpcErrorOf(error, where);
  }
  if (String(status) === "0") {
    // Etherscan's proxy of a node reports its own refusals in its own envelope.
    throw new SourceChanged(`${where} refused: ${excerpt(String(result))}`, { code: "upstream-error", where });
  }
  if (jsonrpc === undefined || result === undefined) throw notJsonRpc(where);
  return result;
}

function rpcErrorOf(error: unknown, where: string): RpcError {
  const { code, message } =
    typeof error === "object" ? (error as Record<string, unknown>) : { code: null, message: error };
  const text = excerpt(redactUrls(typeof message === "string" ? message : JSON.stringify(error)), LONGEST_MESSAGE);
  const number = typeof code === "string" && code !== "" ? Number(code) : code;
  return new RpcError(where, typeof number === "number" && Number.isInteger(number) ? number : null, text);
}

function notJsonRpc(where: string): SourceChanged {
  return new SourceChanged(`${where} sent no JSON-RPC answer`, { code: "bad-shape", where });
}
