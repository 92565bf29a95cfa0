/**
 * Records what upstreams answered in a run, and answers from such a recording.
 *
 * Every attempt is kept, failures included, so a replayed run meets the same hangs and retries in no time. Exchanges are
 * keyed by what was asked and never by base URL: a replay does not depend on hosts or ports, and keys stay out, because
 * requests carry `{key}` until the last moment. Lines are sorted when saved; two recordings of the same run are the same bytes.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { DataDamaged, SourceUnavailable } from "../errors.ts";
import type { Outcome } from "./exchange.ts";

/** What was asked: enough to find the answer again. */
export interface ExchangeKey {
  upstream: string;
  method: "GET" | "POST";
  path: string;
  /** As sent, without "?". */
  query: string;
  /** As sent, "" for none. */
  body: string;
  /** The how-manieth time this run asks exactly this, from 1. */
  call: number;
  /** From 1. */
  attempt: number;
}

export interface Recorder {
  add(key: ExchangeKey, outcome: Outcome): void;
  /** Writes the file. */
  close(): Promise<void>;
}

export interface Replayer {
  /** Throws SourceUnavailable `not-recorded` for anything the recording does not hold. */
  take(key: ExchangeKey): Outcome;
}

const LineSchema = z.object({
  upstream: z.string(),
  method: z.enum(["GET", "POST"]),
  path: z.string(),
  query: z.string(),
  body: z.string(),
  call: z.int().positive(),
  attempt: z.int().positive(),
  outcome: z.union([
    z.object({
      answer: z.object({
        status: z.int(),
        contentType: z.string().nullable(),
        retryAfterSec: z.number().nullable(),
        text: z.string(),
      }),
    }),
    z.object({
      failure: z.enum(["timeout", "connection", "unreachable", "too-large", "too-deep", "bad-encoding"]),
    }),
  ]),
});

function keyText(key: ExchangeKey): string {
  const number = (value: number): string => String(value).padStart(6, "0");
  return JSON.stringify([
    key.upstream,
    key.method,
    key.path,
    key.query,
    key.body,
    number(key.call),
    number(key.attempt),
  ]);
}

export function createRecorder(file: string): Recorder {
  const lines = new Map<string, string>();
  return {
    add({ upstream, method, path, query, body, call, attempt }, outcome) {
      const key: ExchangeKey = { upstream, method, path, query, body, call, attempt };
      lines.set(keyText(key), JSON.stringify({ ...key, outcome }));
    },
    async close() {
      const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => `${line}\n`);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, sorted.join(""));
    },
  };
}

export async function loadReplayer(file: string): Promise<Replayer> {
  return createReplayer(await readFile(file, "utf8"), file);
}

export function createReplayer(text: string, where: string): Replayer {
  const outcomes = new Map<string, Outcome>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line === "") continue;
    const { outcome, ...key } = readLine(line, `${where}, line ${index + 1}`);
    outcomes.set(keyText(key), outcome);
  }
  return {
    take(key) {
      const outcome = outcomes.get(keyText(key));
      if (outcome !== undefined) return outcome;
      const query = key.query === "" ? "" : `?${key.query}`;
      throw new SourceUnavailable(
        `The recording holds no answer to ${key.method} ${key.path}${query} of ${key.upstream} (call ${key.call}, attempt ${key.attempt})`,
        {
          code: "not-recorded",
          where,
          hint: "A replay answers only what was recorded: record again, or compare the code and data of both runs.",
        },
      );
    },
  };
}

function readLine(line: string, where: string): z.infer<typeof LineSchema> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = null;
  }
  const parsed = LineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DataDamaged(`A line of the recording is damaged`, {
    code: "bad-recording",
    where,
    hint: "Recordings are written by `plumbline record`; take a fresh one.",
    cause: parsed.error,
  });
}
