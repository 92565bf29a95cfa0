/**
 * The conformance labels `parse:<id>`: a stranger's recorded body through the very code that reads the live wire.
 *
 * A case names a file beside the case file; with `line` it is one exchange of a JSON Lines recording whose `body` is text as
 * sent. A body that is not what the source promises gives `{error: code}` and nothing else, never part of a result.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { SourceChanged, UsageError } from "../errors.ts";
import { parseKlines, parseRounds } from "./csv.ts";
import { sources } from "./index.ts";
import { parseJson } from "./json.ts";
import { isSplittable, RpcError } from "./rpc-error.ts";

export type WireFunction = (input: unknown, context: { dir: string }) => Promise<unknown>;

const InputSchema = z.object({
  /** Relative to the folder of the case file. */
  file: z.string().optional(),
  /** Instead of a file: the body itself, as JSON. */
  body: z.unknown().optional(),
  /** JSON pointer into the body. */
  pick: z.string().optional(),
  /** Counted from 1. */
  line: z.int().positive().optional(),
  request: z.record(z.string(), z.unknown()).default({}),
  nowSec: z.number().optional(),
});
type Input = z.output<typeof InputSchema>;

const ExchangeSchema = z.object({ status: z.int().optional(), body: z.unknown().optional() });

interface Recorded {
  text: string;
  status: number | undefined;
}

async function readRecorded({ file, line, body }: Input, dir: string): Promise<Recorded> {
  if (file === undefined)
    return { text: typeof body === "string" ? body : JSON.stringify(body ?? null), status: undefined };
  const text = await readFile(resolve(dir, file), "utf8");
  if (line === undefined) return { text, status: undefined };
  const exchange = ExchangeSchema.parse(JSON.parse(text.split("\n")[line - 1] ?? "null"));
  const sent = typeof exchange.body === "string" ? exchange.body : JSON.stringify(exchange.body);
  return { text: sent, status: exchange.status };
}

/** A value by JSON pointer (RFC 6901). */
function pick(body: unknown, pointer: string): unknown {
  let value = body;
  for (const step of pointer.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) {
      throw new UsageError(`The body has nothing at ${pointer}`, { code: "bad-pointer", where: pointer });
    }
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function wireFunction(read: (recorded: Recorded, input: Input) => unknown): WireFunction {
  return async (given, { dir }) => {
    const input = InputSchema.parse(given);
    const recorded = await readRecorded(input, dir);
    try {
      return read(recorded, input);
    } catch (error) {
      if (!(error instanceof SourceChanged)) throw error;
      if (!(error instanceof RpcError)) return { error: error.code };
      const splittable = error.splittable || isSplittable({ status: recorded.status ?? 200 });
      return { error: error.code, rpcCode: error.rpcCode, message: error.rpcMessage, splittable };
    }
  };
}

function jsonFunction(id: string): WireFunction {
  return wireFunction(({ text }, input) => {
    const whole = parseJson(text, id);
    const body = input.pick === undefined ? whole : pick(whole, input.pick);
    return sources.get(id)?.parse(body, input.request);
  });
}

export const conformance: Record<string, WireFunction> = {
  ...Object.fromEntries([...sources.keys()].map((id) => [`parse:${id}`, jsonFunction(id)])),
  "parse:binance:klines-csv": wireFunction(({ text }) => parseKlines(text)),
  "parse:chainlink:rounds-csv": wireFunction(({ text }) => parseRounds(text)),
};
