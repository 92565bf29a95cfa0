/**
 * A lane over answers made by hand: the real collecting, circuits and chain client, with every upstream answered by one function.
 *
 * What that function leaves undefined is an upstream that is down, so that a test says only what it is about.
 */
import { SourceUnavailable } from "../errors.ts";
import type { Lane, LaneResult } from "../lane.ts";
import { loadRegistry, type Registry } from "../registry/registry.ts";
import type { Coin } from "../schema/coin.ts";
import { type Breakers, createBreakers } from "../sources/breaker.ts";
import { type CollectContext, collect, type SourceReport } from "../sources/collect.ts";
import { parseJson } from "../sources/json.ts";
import { createJsonRpc, type RpcChain } from "../sources/json-rpc.ts";
import type { Http, HttpRequest } from "../sources/source.ts";
import { type Datasets, laneContext } from "./lane-context.ts";
import { HOME } from "./small-world.ts";

export const LAB_NOW = Date.UTC(2026, 10, 20, 12) / 1000;
/** The lab's main chain, and its only node; two more chains have one each. */
export const LAB_CHAIN = "eip155:1";
export const LAB_NODE = `rpc:${LAB_CHAIN}:0`;

/** Text as sent, for answers that are no JSON. */
export class RawText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What is no answer of anybody. */
export const MALFORMED: readonly [string, unknown][] = [
  ["HTML", new RawText("<!DOCTYPE html><title>Just a moment...</title>")],
  ["JSON cut short", new RawText('{"data": [1, ')],
  ["null", null],
  ["a number", 7],
  ["a text", "ok"],
  ["another shape", { surprise: 1 }],
];

/** The body an upstream answers with; an Error is thrown; undefined: the upstream is down. */
export type Answer = (upstream: string, request: HttpRequest) => unknown;

export interface LabRun {
  result: LaneResult;
  breakers: Breakers;
  report: SourceReport[];
}

let home: Registry | undefined;

function httpOver(answer: Answer): Http {
  const json: Http["json"] = async (upstream, request) => {
    const body = answer(upstream, request);
    if (body instanceof Error) throw body;
    if (body === undefined) throw new SourceUnavailable(`${upstream} is down`, { code: "unreachable" });
    if (request.reads === "text")
      return { status: 200, body: body instanceof RawText ? body.text : JSON.stringify(body) };
    return { status: 200, body: body instanceof RawText ? parseJson(body.text, upstream) : structuredClone(body) };
  };
  const chains = [LAB_CHAIN, "eip155:8453", "eip155:42161"].map((id): [string, RpcChain] => [
    id,
    { id, name: "lab", multicall3: null, nodes: [`rpc:${id}:0`] },
  ]);
  return {
    json,
    nowSec: LAB_NOW,
    key: () => "key",
    missingKey: () => null,
    rpc: createJsonRpc({ json }, new Map(chains)),
  };
}

export async function askLane(
  lane: Lane,
  options: {
    coins: readonly Coin[];
    answer: Answer;
    datasets?: Datasets;
    state?: Record<string, unknown>;
    breakers?: Breakers;
    settings?: Readonly<Record<string, string>>;
  },
): Promise<LabRun> {
  home ??= loadRegistry(`${HOME}/data`);
  const { coins, answer, datasets = {}, state = {}, settings = {}, breakers = createBreakers({}) } = options;
  const collecting: CollectContext = { http: httpOver(answer), breakers, report: [] };
  const registry: Registry = {
    ...home,
    coins: [...coins],
    coinById: new Map(coins.map((coin) => [coin.id, coin])),
    coinByLlamaId: new Map(coins.flatMap((coin) => (coin.ids.defillama ? [[coin.ids.defillama, coin] as const] : []))),
  };
  const context = {
    ...laneContext({ nowSec: LAB_NOW, coins, datasets, state }),
    registry,
    collect: ((source, request) => collect(source, request, collecting)) as Parameters<Lane["run"]>[0]["collect"],
    circuitOpen: ({ breaker }: { breaker: string | null }) => breaker !== null && breakers.probeAt(breaker) !== null,
    nothingToAsk: () => {},
    setting: (name: string) => settings[name] ?? null,
    store: async () => ({ query: async () => [{ newest: null }], close: () => {} }) as never,
  };
  return { result: await lane.run(context), breakers, report: collecting.report };
}
