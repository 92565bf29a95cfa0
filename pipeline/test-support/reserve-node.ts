/** Reserve adapters against a real node: reads coins through the real client, as the lane would, and counts its calls. */
import { readFileSync } from "node:fs";
import { parseAbi } from "viem";
import { z } from "zod";
import type { LaneContext } from "../lane.ts";
import { adapterOf } from "../reserves/adapters/index.ts";
import { type Job, type ReadAll, readAll } from "../reserves/read-all.ts";
import { validateReading } from "../reserves/validate.ts";
import type { ReserveAdapter } from "../schema/reserve-adapter.ts";
import type { ReserveReading } from "../schema/reserves.ts";
import { createBreakers } from "../sources/breaker.ts";
import { createClient, type UpstreamLimits } from "../sources/client.ts";
import { type CollectContext, collect } from "../sources/collect.ts";
import { ANVIL_CHAIN, type Anvil, MULTICALL3 } from "./anvil.ts";

const codes = (path: string) =>
  z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")));
const CODE = {
  ...codes("../sources/__fixtures__/contracts.json"),
  ...codes("../reserves/__fixtures__/reserves.json"),
};

/** What is redeemable by coin, USD; the reason where a coin was not read. */
export function capacitiesOf(outcomes: ReadAll["outcomes"]): Record<string, number | string | undefined> {
  return Object.fromEntries(
    [...outcomes].map(([id, outcome]) => [
      id,
      "result" in outcome ? outcome.result.metadata.redemption?.capacityUsd : outcome.failed,
    ]),
  );
}

/** Puts contracts of the fixtures at addresses, by name, and Multicall3 at its own. */
export async function placeContracts(anvil: Anvil, contracts: Readonly<Record<string, string>>): Promise<void> {
  for (const [address, name] of [[MULTICALL3, "Multicall3"], ...Object.entries(contracts)] as [string, string][])
    await anvil.setCode(address, CODE[name] as string);
}

/** Calls a function given by its signature. */
export async function write(anvil: Anvil, address: string, signature: string, ...args: unknown[]): Promise<void> {
  await anvil.write(address, parseAbi([signature]), /function (\w+)/.exec(signature)?.[1] as string, args);
}

export interface ReserveNode {
  /** Gives also the sources that were asked, one entry a question. */
  read(ids?: string[], url?: string): Promise<ReadAll & { calls: string[] }>;
  /** A coin's reading as the lane would store it; throws where it would not. */
  reading(coinId: string): Promise<ReserveReading>;
  /** Why a coin was not read; null where it was. */
  failure(coinId: string): Promise<string | null>;
}

/** `priceUsd` is what every coin is worth; null where no price is known. */
export function reserveNode(
  url: () => string,
  entries: Readonly<Record<string, ReserveAdapter>>,
  nowSec: number,
  priceUsd: () => number | null,
): ReserveNode {
  const read: ReserveNode["read"] = async (ids = Object.keys(entries), at = url()) => {
    const calls: string[] = [];
    const id = `rpc:${ANVIL_CHAIN}:0`;
    const limits = { timeoutMs: 8_000, maxBytes: 1e7, retries: 0, concurrency: 4, perSecond: 1_000 };
    const upstream: UpstreamLimits = { id, baseUrl: at, ...limits, keyEnv: null, keyRequired: false };
    const http = createClient({
      upstreams: new Map([[id, upstream]]),
      chains: new Map([[ANVIL_CHAIN, { id: ANVIL_CHAIN, name: "test", multicall3: MULTICALL3, nodes: [id] }]]),
      env: {},
      nowSec,
      random: () => 0,
      sleep: async () => {},
    });
    const collecting: CollectContext = { http, breakers: createBreakers({}), report: [] };
    const context = {
      nowSec,
      collect: async (source: { id: string }, request: unknown) => {
        calls.push(source.id);
        return collect(source as never, request, collecting);
      },
    } as unknown as LaneContext;
    const jobs: Job[] = ids.map((coinId) => ({ coinId, entry: entries[coinId] as ReserveAdapter }));
    try {
      return { ...(await readAll(jobs, context, { coinPriceUsd: priceUsd, coinOfToken: () => null })), calls };
    } finally {
      await http.close();
    }
  };
  return {
    read,
    async reading(coinId) {
      const outcome = (await read([coinId])).outcomes.get(coinId);
      if (!outcome || !("result" in outcome)) throw new Error(`${coinId}: ${JSON.stringify(outcome)}`);
      const validated = validateReading(outcome.result, adapterOf((entries[coinId] as ReserveAdapter).kind), nowSec);
      if ("problem" in validated) throw new Error(validated.problem);
      return validated.reading;
    },
    async failure(coinId) {
      const outcome = (await read([coinId])).outcomes.get(coinId);
      return outcome && "failed" in outcome ? outcome.failed : null;
    },
  };
}
