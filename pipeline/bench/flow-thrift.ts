/**
 * What mints and burns cost: questions to a provider, and bytes in the record.
 *
 * Calls: a provider that takes 2,000 blocks, and a quiet half hour of the simulator over all Ethereum contracts. Bytes: a sealed day.
 */
import { statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ChainNode } from "../flows/chain-node.ts";
import { readRange } from "../flows/read-range.ts";
import { canonicalLine } from "../publish/canonical-json.ts";
import { loadRegistry } from "../registry/registry.ts";
import { type FlowEventRow, MINT_BURN_EVENTS } from "../schema/flows.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { createBreakers } from "../sources/breaker.ts";
import { createClient } from "../sources/client.ts";
import { collect } from "../sources/collect.ts";
import { nodeUpstreams, rpcChains } from "../sources/nodes.ts";
import { rangeHint } from "../sources/range-hint.ts";
import { openDatabase } from "../store/duckdb.ts";
import { sealFile } from "../store/seal.ts";
import { laneBench } from "../test-support/lane-bench.ts";
import type { Measurement } from "./benchmark.ts";
import { contracts, hash, START_SEC } from "./flow-inputs.ts";
import { sqliteBytes, viemQuestions } from "./flow-peers.ts";

const COINS = 140;

export async function calls(): Promise<Measurement[]> {
  const limit = 2_000;
  const blocks = 10_000;
  let asked = 0;
  const node = {
    id: "a provider",
    async logs({ fromBlock, toBlock }: { fromBlock: number; toBlock: number }) {
      asked += 1;
      const message = `eth_getLogs is limited to a ${limit} range`;
      const isWide = toBlock - fromBlock + 1 > limit;
      if (isWide)
        return {
          ok: true,
          value: { refused: { message, splittable: false, hint: rangeHint(message, fromBlock, toBlock) } },
        };
      return { ok: true, value: { logs: [] } };
    },
  } as unknown as ChainNode;
  const own = contracts();
  const range = { fromBlock: 1, toBlock: blocks };
  await readRange(node, own, range, { count: 0, limit: 1e6 }, { blocks: 50_000 });
  const least = 2 * Math.ceil(blocks / limit);
  const addresses = own.map(({ address }) => address);
  const row = {
    what: `flows, calls per 10,000 blocks, ${limit} a call`,
    measured: asked,
    unit: "calls",
    better: "less",
  } as const;
  return [
    { ...row, yardstick: 1.1 * least, from: `1.1 x the least, ${least}` },
    { ...row, yardstick: await viemQuestions(addresses, range, limit), from: "viem per contract, ten contracts" },
  ];
}

export async function quiet(): Promise<Measurement[]> {
  const registry = loadRegistry(resolve(import.meta.dirname, "..", "..", "data"));
  const coins = registry.coins.map((coin) => ({
    ...coin,
    mintBurnContracts: coin.mintBurnContracts.filter(({ chain }) => chain === "eip155:1"),
  }));
  const simulator = await startSimulator({ seed: 1, coins, nowSec: START_SEC });
  const chains = registry.chains.map((chain) => ({
    ...chain,
    rpc: (simulator.overrides.rpc[chain.id] ?? []).map((url) => ({ url, keyEnv: null })),
  }));
  const client = createClient({
    upstreams: nodeUpstreams(chains, {}, true),
    chains: rpcChains(chains, {}),
    env: {},
    nowSec: START_SEC,
    random: () => 0,
  });
  const desk = { http: client, breakers: createBreakers({}), report: [] };
  const bench = laneBench(
    {
      ...registry,
      coins,
      coinById: new Map(coins.map((coin) => [coin.id, coin])),
      chains,
      chainById: new Map(chains.map((chain) => [chain.id, chain])),
    },
    { nodes: (caip) => client.rpc.nodes(caip), collect: (source, request) => collect(source, request, desk) },
  );
  try {
    const requests = () => Object.values(client.counts()).reduce((sum, one) => sum + one.requests, 0);
    await bench.run(START_SEC);
    simulator.setNow(START_SEC + 1800);
    const before = requests();
    await bench.run(START_SEC + 1800);
    const addresses = coins.flatMap(({ mintBurnContracts }) =>
      mintBurnContracts.flatMap(({ address }) => address ?? []),
    );
    const row = {
      what: "flows, half an hour of all Ethereum contracts",
      measured: requests() - before,
      unit: "requests",
      better: "less",
    } as const;
    return [
      { ...row, yardstick: 12, from: "we promise; the reference plans up to 200" },
      {
        ...row,
        yardstick: await viemQuestions(addresses, { fromBlock: 1, toBlock: 150 }, 150),
        from: `viem per contract, ${addresses.length} contracts`,
      },
    ];
  } finally {
    bench.close();
    await client.close();
    await simulator.close();
  }
}

export async function bytes(folder: string): Promise<Measurement[]> {
  const events = 20_000;
  const rows = Array.from({ length: events }, (_, i): FlowEventRow => {
    const coin = Math.floor((((i * 7919) % events) / events) ** 3 * COINS);
    const isMint = i % 3 > 0;
    return {
      coinId: `coin-${coin}`,
      chainId: "ethereum",
      blockNumber: 24_000_000 + Math.floor((i / events) * 7200),
      logIndex: (i * 31) % 600,
      txHash: hash(i),
      timestamp: START_SEC + Math.floor((i / events) * 7200) * 12,
      direction: isMint ? "mint" : "burn",
      amountUnits: String(
        (BigInt((i * 104_729) % 900_000) + 10_000n) * 10n ** 18n + BigInt((i * 7919) % 1e9) * 10n ** 9n,
      ),
      decimals: 18,
      // A few hundred parties do most of it, the rest come once.
      counterparty: i % 5 === 0 ? hash(i * 3).slice(0, 42) : hash(i % 300).slice(0, 42),
      flowType: "standard",
      burnType: isMint ? null : "effective_burn",
      burnReviewReason: null,
      priceUsed: 1 + (coin % 10) / 10_000,
      priceTimestamp: START_SEC,
      priceSource: "supply-history-daily",
      revision: 0,
      removed: false,
    };
  });
  const [from, to] = [join(folder, "events.jsonl"), join(folder, "events.parquet")];
  writeFileSync(from, rows.map((row) => `${canonicalLine(row)}\n`).join(""));
  const database = await openDatabase([folder]);
  await sealFile(database, MINT_BURN_EVENTS, { from, to, sealedBefore: [] });
  database.close();
  const perEvent = statSync(to).size / events;
  const row = {
    what: "flows, bytes an event in sealed Parquet",
    measured: perEvent,
    unit: "B",
    better: "less",
  } as const;
  return [
    { ...row, yardstick: 60, from: "we promise" },
    { ...row, yardstick: statSync(from).size / events, from: "the same as JSON lines" },
    {
      ...row,
      yardstick: sqliteBytes(join(folder, "events.sqlite"), rows),
      from: "SQLite, the reference's table without its indexes",
    },
  ];
}
