/**
 * The simulator: one loopback server that answers as all upstreams do, out of one seeded world, at whatever time it is told.
 *
 * It is the demo's embedded default, the tests' world and the load generator. `overrides` is what `--upstreams FILE` takes.
 * Every answer says that it is simulated, and its Date header is the simulated time, so equal requests get equal bytes.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isEvm } from "./chains.ts";
import type { SimCoin } from "./coin.ts";
import { FEED_CHAINS } from "./evm-contracts.ts";
import { answerRpc, rpcMethods } from "./evm-rpc.ts";
import { bodyText, DEFAULT_STALE_SEC, type Fault, FaultScript, playOnSocket, spoiltAnswer } from "./faults.ts";
import { DEFAULT_WORLD_DAYS, type IncidentScript, type Truth } from "./incidents.ts";
import type { SimAnswer, SimRequest } from "./upstream.ts";
import { UPSTREAMS } from "./upstreams/index.ts";
import { KEYED_UPSTREAMS } from "./upstreams/keyed-prices.ts";
import { createWorld, type World } from "./world.ts";

const DAY_SEC = 86_400;
const KEEP_ALIVE_MS = 60_000;
const RPC_PREFIX = "rpc";

export interface SimulatorOptions {
  seed: number;
  coins: readonly SimCoin[];
  /** Start of the world, from which incidents count; 35 days before `nowSec` when left out. */
  epochSec?: number;
  /** Simulated time until setNow is called, unix seconds. */
  nowSec: number;
  incidents?: readonly IncidentScript[];
  coinChartDays?: number;
  faults?: readonly Fault[];
  /** Also the services that want a key; left out, they are without one and disabled. */
  keyed?: boolean;
}

/** The content of a `--upstreams FILE`. */
export interface SimulatorOverrides {
  simulated: true;
  upstreams: Record<string, string>;
  rpc: Record<string, string[]>;
}

export interface RequestCount {
  /** Upstream id; `rpc:<chain>` for nodes. */
  upstream: string;
  /** Path below the prefix, without its query; for nodes the method. */
  path: string;
  count: number;
}

export interface Simulator {
  overrides: SimulatorOverrides;
  world: World;
  truth: Truth;
  now(): number;
  setNow(sec: number): void;
  /** Replaces the fault script; counts start anew. */
  setFaults(faults: readonly Fault[]): void;
  /** What was asked so far. */
  readonly requests: readonly RequestCount[];
  close(): Promise<void>;
}

/** One upstream or node as the server routes to it. */
interface Route {
  id: string;
  answer(request: SimRequest, world: World, nowSec: number): SimAnswer | null;
}

const NOT_FOUND: SimAnswer = { status: 404, body: { error: "not found" } };

function chainsWithNodes(coins: readonly SimCoin[]): string[] {
  const chains = coins.flatMap((coin) => coin.deployments.map(({ chain }) => chain).filter(isEvm));
  return [...new Set([...FEED_CHAINS, ...chains])].sort();
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  if (request.method !== "POST") return null;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return null; // the upstream decides what it says to a body that is no JSON
  }
}

export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { seed, coins, incidents, coinChartDays } = options;
  const epochSec = options.epochSec ?? options.nowSec - DEFAULT_WORLD_DAYS * DAY_SEC;
  const world = createWorld({
    seed,
    coins,
    epochSec,
    ...(incidents ? { incidents } : {}),
    ...(coinChartDays === undefined ? {} : { coinChartDays }),
  });
  let nowSec = Math.floor(options.nowSec);
  let faults = new FaultScript(options.faults ?? []);
  const counts = new Map<string, RequestCount>();
  /** Answers of the current simulated second. */
  const answered = new Map<string, SimAnswer>();

  const upstreams = options.keyed ? [...UPSTREAMS, ...KEYED_UPSTREAMS] : UPSTREAMS;
  const routes = new Map<string, Route>(upstreams.map((upstream) => [upstream.id, upstream]));
  const nodes = chainsWithNodes(coins);
  for (const chain of nodes) {
    const answer: Route["answer"] = (request, inWorld, atSec) => answerRpc(chain, request, inWorld, atSec);
    routes.set(`${RPC_PREFIX}/${chain}`, { id: `${RPC_PREFIX}:${chain}`, answer });
  }

  const count = (upstream: string, path: string) => {
    const key = `${upstream} ${path}`;
    const entry = counts.get(key) ?? { upstream, path, count: 0 };
    entry.count += 1;
    counts.set(key, entry);
  };

  function compute(route: Route, request: SimRequest, shownSec: number): SimAnswer {
    const key = request.method === "GET" ? `${route.id}${request.path}?${request.query}@${shownSec}` : null;
    const known = key === null ? undefined : answered.get(key);
    if (known) return known;
    const answer = route.answer(request, world, shownSec) ?? NOT_FOUND;
    const sent = { ...answer, body: bodyText(answer.body) };
    if (key === null) return answer;
    answered.set(key, sent);
    return sent;
  }

  function send(response: ServerResponse, answer: SimAnswer, fault: Fault | null): void {
    const headers: Record<string, string> = {
      "content-type": "application/json; charset=utf-8",
      date: new Date(nowSec * 1000).toUTCString(),
      "x-plumbline-simulated": "1",
      ...answer.headers,
    };
    response.sendDate = false;
    if (fault && playOnSocket(response, headers, answer, fault)) return;
    const bytes = Buffer.from(bodyText(answer.body));
    response.writeHead(answer.status, { ...headers, "content-length": String(bytes.length) });
    response.end(bytes);
  }

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? "/", "http://loopback");
    const parts = decodeURIComponent(url.pathname).split("/");
    const prefix = parts.slice(1, parts[1] === RPC_PREFIX ? 3 : 2);
    const route = routes.get(prefix.join("/"));
    if (!route) return send(response, NOT_FOUND, null);
    const path = `/${parts.slice(1 + prefix.length).join("/")}`;
    const body = await readJson(message);
    const request: SimRequest = { method: message.method ?? "GET", path, query: url.searchParams, body };
    const asked = parts[1] === RPC_PREFIX ? rpcMethods(body) : [path];
    for (const one of asked) count(route.id, one);

    const outage = world.outage(route.id, nowSec);
    if (outage) return send(response, { status: outage.status, body: { error: "service unavailable" } }, null);
    const fault = faults.take(route.id, parts[1] === RPC_PREFIX ? asked.join(",") : path + url.search, nowSec);
    const ageSec = fault?.kind === "stale" ? (fault.ageSec ?? DEFAULT_STALE_SEC) : 0;
    const answer = compute(route, request, world.shownTime(route.id, nowSec) - ageSec);
    send(response, fault ? spoiltAnswer(answer, fault) : answer, fault);
  }

  const server = createServer((message, response) => {
    handle(message, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, { status: 500, body: { error: String(error) } }, null);
      else response.destroy();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    overrides: {
      simulated: true,
      upstreams: Object.fromEntries(upstreams.map(({ id }) => [id, `${base}/${id}`])),
      rpc: Object.fromEntries(nodes.map((chain) => [chain, [`${base}/${RPC_PREFIX}/${chain}`]])),
    },
    world,
    truth: world.truth,
    now: () => nowSec,
    setNow(sec) {
      nowSec = Math.floor(sec);
      answered.clear();
    },
    setFaults(script) {
      faults = new FaultScript(script);
    },
    get requests() {
      return [...counts.values()];
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
    },
  };
}
