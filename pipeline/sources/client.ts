/**
 * The one client: every request to the outside goes through here, so limits, manners and bookkeeping exist once.
 *
 * A request waits for its upstream's budget, is tried again where trying can help (never sooner than the upstream asks), and
 * comes back as parsed JSON or as an error that says what to do. An identical GET inside one run is answered once. Errors are
 * made from upstream id, path and code alone, so a replayed run fails with the same words as the recorded one.
 */
import PQueue from "p-queue";
import pRetry from "p-retry";
import { SourceUnavailable } from "../errors.ts";
import type { Upstream } from "../schema/upstream.ts";
import { SOFTWARE_VERSION } from "../version.ts";
import { failureError, HttpRefused, noKey, notConfigured } from "./client-errors.ts";
import { createAgent, exchange, type FailureCode, type Outcome } from "./exchange.ts";
import { parseJson } from "./json.ts";
import { createJsonRpc, type RpcChain } from "./json-rpc.ts";
import type { ExchangeKey, Recorder, Replayer } from "./recorder.ts";
import { createRedactor, excerpt } from "./redact.ts";
import type { Http, HttpAnswer, HttpRequest } from "./source.ts";

/** What the client needs to know of an upstream: an entry of upstreams.json, or a node made into one. */
export interface UpstreamLimits
  extends Pick<
    Upstream,
    "id" | "timeoutMs" | "maxBytes" | "retries" | "concurrency" | "perSecond" | "keyEnv" | "keyRequired"
  > {
  /** Null where this installation does not reach the upstream. `{key}` stands for the key. */
  baseUrl: string | null;
}

export interface ClientOptions {
  upstreams: ReadonlyMap<string, UpstreamLimits>;
  /** Where keys come from: `process.env`, or a test's own record. */
  env: Readonly<Record<string, string | undefined>>;
  nowSec: number;
  /** Seeded, 0 to 1; used for the jitter of waits only. */
  random: () => number;
  /** By CAIP id, e.g. "eip155:1"; none when the run reads no chain. */
  chains?: ReadonlyMap<string, RpcChain>;
  recorder?: Recorder;
  /** Answers instead of the network; nothing is dialled and no wait is real. */
  replayer?: Replayer;
  sleep?: (ms: number) => Promise<void>;
}

export interface UpstreamCounts {
  /** Attempts sent, the retried ones included. */
  requests: number;
  retries: number;
  /** UTF-8 length of the texts read. */
  bytes: number;
  /** Requests that ended without a usable answer. */
  failures: number;
}

export interface Client extends Http {
  /** Per upstream asked in this run, sorted by id. */
  counts(): Record<string, UpstreamCounts>;
  /** Closes sockets and writes the recording. */
  close(): Promise<void>;
}

/** A longer Retry-After ends the attempts of this run: asking sooner than told would be rude, waiting would hold up the run. */
const LONGEST_WAIT_SEC = 30;
const FIRST_WAIT_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;
const RETRIED_FAILURES: ReadonlySet<FailureCode> = new Set(["timeout", "connection", "unreachable"]);
const USER_AGENT = `plumbline/${SOFTWARE_VERSION} (+https://github.com/plumbline/plumbline)`;

export function createClient(options: ClientOptions): Client {
  const { upstreams, env, recorder, replayer } = options;
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const redact = createRedactor([...upstreams.values()].map((upstream) => keyOf(upstream) ?? ""));
  const agent = createAgent(Math.max(15_000, ...[...upstreams.values()].map(({ timeoutMs }) => timeoutMs)));
  const queues = new Map<string, PQueue>();
  const calls = new Map<string, number>();
  const memo = new Map<string, Promise<HttpAnswer>>();
  const counts = new Map<string, UpstreamCounts>();

  function keyOf(upstream: UpstreamLimits): string | null {
    return (upstream.keyEnv === null ? undefined : env[upstream.keyEnv]?.trim()) || null;
  }

  function queueOf({ id, concurrency, perSecond }: UpstreamLimits): PQueue {
    let queue = queues.get(id);
    if (queue === undefined) {
      const budget =
        perSecond >= 1
          ? { interval: 1000, intervalCap: Math.floor(perSecond) }
          : { interval: Math.ceil(1000 / perSecond), intervalCap: 1 };
      queue = new PQueue({ concurrency, ...budget });
      queues.set(id, queue);
    }
    return queue;
  }

  function countsOf(id: string): UpstreamCounts {
    let entry = counts.get(id);
    if (entry === undefined) {
      entry = { requests: 0, retries: 0, bytes: 0, failures: 0 };
      counts.set(id, entry);
    }
    return entry;
  }

  /** One attempt: from the recording, or over the wire within the upstream's budget. */
  async function attemptOnce(upstream: UpstreamLimits, key: ExchangeKey, request: HttpRequest): Promise<Outcome> {
    const count = countsOf(upstream.id);
    count.requests += 1;
    if (key.attempt > 1) count.retries += 1;
    let outcome: Outcome;
    if (replayer !== undefined) outcome = replayer.take(key);
    else {
      const secret = keyOf(upstream);
      const send = (): Promise<Outcome> =>
        exchange(agent, {
          url: withKey(urlOf(upstream.baseUrl ?? "", key), secret, encodeURIComponent),
          method: key.method,
          headers: headersOf(request, secret),
          body: key.body === "" ? undefined : key.body,
          timeoutMs: request.timeoutMs ?? upstream.timeoutMs,
          maxBytes: upstream.maxBytes,
        });
      outcome = await queueOf(upstream).add(send);
      // Cleaned before anyone reads it, so that the live run and its replay see the same text.
      if ("answer" in outcome) outcome.answer.text = redact(outcome.answer.text);
    }
    recorder?.add(key, outcome);
    if ("answer" in outcome) count.bytes += Buffer.byteLength(outcome.answer.text);
    return outcome;
  }

  async function ask(upstream: UpstreamLimits, key: ExchangeKey, request: HttpRequest): Promise<HttpAnswer> {
    try {
      return await pRetry(
        async (attempt) =>
          judge(await attemptOnce(upstream, { ...key, attempt }, request), key, request, replayer === undefined),
        {
          retries: request.retries ?? upstream.retries,
          minTimeout: 0, // the wait is our own, below: seeded, and as long as the upstream asks
          async onFailedAttempt({ error, attemptNumber, retriesLeft }) {
            if (retriesLeft === 0 || !isWorthRetrying(error, request) || replayer !== undefined) return;
            await sleep(waitMs(error, attemptNumber, options.random()));
          },
          shouldRetry: ({ error }) => isWorthRetrying(error, request),
        },
      );
    } catch (error) {
      countsOf(upstream.id).failures += 1;
      throw error;
    }
  }

  const http: Http = {
    nowSec: options.nowSec,
    key(id) {
      const upstream = upstreams.get(id);
      return upstream === undefined ? null : keyOf(upstream);
    },
    missingKey(id) {
      const upstream = upstreams.get(id);
      return upstream?.keyRequired && keyOf(upstream) === null ? upstream.keyEnv : null;
    },
    async json(id, request) {
      const upstream = upstreams.get(id);
      if (upstream === undefined || upstream.baseUrl === null) throw notConfigured(id, upstream === undefined);
      const missing = http.missingKey(id);
      if (missing !== null) throw noKey(id, missing);

      const method = request.method ?? "GET";
      const body = request.body === undefined ? "" : redact(JSON.stringify(request.body));
      const asked = { upstream: id, method, path: redact(request.path), query: redact(queryText(request)), body };
      const identity = JSON.stringify([asked, request.passthroughStatuses ?? [], request.reads ?? "json"]);
      const known = method === "GET" ? memo.get(identity) : undefined;
      if (known !== undefined) return known;

      const call = (calls.get(identity) ?? 0) + 1;
      calls.set(identity, call);
      const answer = ask(upstream, { ...asked, call, attempt: 1 }, request);
      if (method === "GET") memo.set(identity, answer);
      return answer;
    },
    rpc: createJsonRpc({ json: (id, request) => http.json(id, request) }, options.chains ?? new Map()),
  };

  return {
    ...http,
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    async close() {
      await agent.destroy();
      await recorder?.close();
    },
  };
}

/** An outcome as parsed JSON or as text, or as the error it amounts to. `isShallow`: `exchange` counted its depth already. */
function judge(outcome: Outcome, key: ExchangeKey, request: HttpRequest, isShallow: boolean): HttpAnswer {
  const where = `${key.upstream} ${key.method} ${key.path}${key.query === "" ? "" : `?${key.query}`}`;
  if ("failure" in outcome) throw failureError(outcome.failure, key.upstream, where);
  const { answer } = outcome;
  const isSuccess = answer.status >= 200 && answer.status < 300;
  const read = () => (request.reads === "text" ? answer.text : parseJson(answer.text, where, isShallow));
  if (isSuccess) return { status: answer.status, body: read() };
  if (!request.passthroughStatuses?.includes(answer.status)) {
    const said = excerpt(answer.text);
    throw new HttpRefused(
      `${key.upstream} answered HTTP ${answer.status}${said === "" ? "" : `: "${said}"`}`,
      where,
      answer,
    );
  }
  try {
    return { status: answer.status, body: read() };
  } catch {
    return { status: answer.status, body: null };
  }
}

function isWorthRetrying(error: unknown, { retryStatuses = true }: HttpRequest): boolean {
  if (error instanceof HttpRefused) {
    if (!retryStatuses) return false;
    const isPassing = [408, 425, 429].includes(error.status) || error.status >= 500;
    return isPassing && (error.retryAfterSec ?? 0) <= LONGEST_WAIT_SEC;
  }
  return error instanceof SourceUnavailable && RETRIED_FAILURES.has(error.code as FailureCode);
}

/** What the upstream asks for, or else twice as long each time, half of it by chance so that runs do not march in step. */
function waitMs(error: unknown, attempt: number, chance: number): number {
  if (error instanceof HttpRefused && error.retryAfterSec !== null) return error.retryAfterSec * 1000;
  const longest = Math.min(LONGEST_BACKOFF_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
  return Math.round(longest * (0.5 + chance / 2));
}

function urlOf(baseUrl: string, { path, query }: ExchangeKey): string {
  const address = `${baseUrl.replace(/\/+$/, "")}${path}`;
  if (query === "") return address;
  return `${address}${address.includes("?") ? "&" : "?"}${query}`;
}

/** Brackets, colons and commas stay readable: some servers do not decode them inside parameter names. */
function queryText({ query = {} }: HttpRequest): string {
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(/%(5B|5D|2C|3A|7Bkey%7D)/g, (part) => decodeURIComponent(part));
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) pairs.push(`${encode(name)}=${encode(String(one))}`);
  }
  return pairs.join("&");
}

function withKey(text: string, secret: string | null, encode: (secret: string) => string): string {
  return text.replaceAll("{key}", secret === null ? "" : encode(secret));
}

function headersOf(request: HttpRequest, secret: string | null): Record<string, string> {
  const accept = request.reads === "text" ? "text/csv, text/plain" : "application/json";
  const headers: Record<string, string> = { accept, "user-agent": USER_AGENT };
  if (request.body !== undefined) headers["content-type"] = "application/json";
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (secret === null && value.includes("{key}")) continue;
    headers[name] = withKey(value, secret, (plain) => plain);
  }
  return headers;
}
