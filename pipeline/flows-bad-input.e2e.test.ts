import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { LaneContext, LaneResult } from "./lane.ts";
import { createBreakers } from "./sources/breaker.ts";
import { createClient } from "./sources/client.ts";
import { collect } from "./sources/collect.ts";
import { benchRegistry, type LaneBench, laneBench } from "./test-support/lane-bench.ts";

const CHAIN = "eip155:1";
const START_SEC = Date.UTC(2026, 10, 20) / 1000;
const BLOCK_SEC = 12;
const FIRST_HEAD = 10_000;
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const DECIMALS_CALL = "0x313ce567";
const [GOOD, OTHER, CODELESS] = ["a1", "a2", "a3"].map((end) => `0x${end.padStart(40, "0")}`) as [
  string,
  string,
  string,
];
const STRANGER = `0x${"ff".repeat(20)}`;

const hex = (value: number | bigint) => `0x${value.toString(16)}`;
const word = (value: number | bigint) => `0x${value.toString(16).padStart(64, "0")}`;
const hashOf = (block: number, fork = 0) => word(((BigInt(block) * 1_000n + BigInt(fork)) << 192n) + 7n);
const timeOf = (block: number) => START_SEC + block * BLOCK_SEC;

type Log = Record<string, unknown> & { topics: unknown[]; address: string };

/** One mint a contract in every 100th block: the truth of this chain. */
function logsOf(from: number, to: number, addresses: readonly string[]): Log[] {
  const logs: Log[] = [];
  for (let block = Math.ceil(from / 100) * 100; block <= to; block += 100)
    for (const address of addresses.filter((one) => one === GOOD || one === OTHER))
      logs.push({
        address,
        topics: [TRANSFER, word(0), word(0xc0ffee)],
        data: word(5n * 10n ** 12n),
        blockNumber: hex(block),
        blockHash: hashOf(block),
        blockTimestamp: hex(timeOf(block)),
        transactionHash: word(BigInt(block) * 10n + BigInt(address.slice(-1))),
        logIndex: hex(Number(address.slice(-1))),
        removed: false,
      });
  return logs;
}

/** What a node does wrong; nothing by default. */
interface Manner {
  chainId?: number;
  head?: number;
  fork?: number;
  decimals?: number;
  logs?: (logs: Log[], range: { from: number; to: number }) => unknown;
}

interface Node {
  url: string;
  manner: Manner;
  asked: number;
}

let head = FIRST_HEAD;
const servers: Server[] = [];

function answer(node: Node, method: string, params: unknown[]): unknown {
  const { manner } = node;
  const top = manner.head ?? head;
  switch (method) {
    case "eth_chainId":
      return hex(manner.chainId ?? 1);
    case "eth_getBlockByNumber": {
      const tag = String(params[0]);
      const block = tag === "latest" ? top : tag === "finalized" ? top - 64 : Number(tag);
      if (block > top) return null;
      return { number: hex(block), hash: hashOf(block, manner.fork), timestamp: hex(timeOf(block)) };
    }
    case "eth_call": {
      const { to, data } = params[0] as { to: string; data: string };
      if (to === CODELESS) return "0x";
      return data.startsWith(DECIMALS_CALL) ? word(manner.decimals ?? 6) : word(10n ** 15n);
    }
    case "eth_getLogs": {
      const { address, topics, fromBlock, toBlock } = params[0] as {
        address: string[];
        topics: (string[] | null)[];
        fromBlock: string;
        toBlock: string;
      };
      const range = { from: Number(fromBlock), to: Number(toBlock) };
      const isMints = topics[1] !== null && topics[1] !== undefined;
      const logs = isMints ? logsOf(range.from, range.to, address) : [];
      return isMints && manner.logs ? manner.logs(logs, range) : logs;
    }
    default:
      return null;
  }
}

async function startNode(manner: Manner = {}): Promise<Node> {
  const node: Node = { url: "", manner, asked: 0 };
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => {
      node.asked += 1;
      const body = JSON.parse(text);
      const one = ({ id, method, params }: { id: number; method: string; params: unknown[] }) => ({
        jsonrpc: "2.0",
        id,
        result: answer(node, method, params),
      });
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(Array.isArray(body) ? body.map(one) : one(body)));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  servers.push(server);
  node.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return node;
}

const registry = benchRegistry({ id: CHAIN, slug: "ethereum", name: "Ethereum", blockTimeSec: BLOCK_SEC }, [
  { id: "good-test", symbol: "GOOD", contracts: [{ address: GOOD, decimals: 6, events: ["transfer"] }] },
  { id: "other-test", symbol: "OTHER", contracts: [{ address: OTHER, decimals: 6, events: ["transfer"] }] },
]);

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
  head = FIRST_HEAD;
});

/** The lane over these nodes, asked in this order. */
async function laneOver(nodes: readonly Node[], coins = registry): Promise<LaneBench> {
  const ids = nodes.map((_, i) => `rpc:${CHAIN}:${i}`);
  const limits = { timeoutMs: 5_000, maxBytes: 1e7, retries: 0, concurrency: 4, perSecond: 1e6, keyEnv: null };
  const upstreams = ids.map((id, i) => ({ id, baseUrl: nodes[i]?.url as string, ...limits, keyRequired: false }));
  const client = createClient({
    upstreams: new Map(upstreams.map((upstream) => [upstream.id, upstream])),
    chains: new Map([[CHAIN, { id: CHAIN, name: "test", multicall3: null, nodes: ids }]]),
    env: {},
    nowSec: START_SEC,
    random: () => 0,
    sleep: async () => {},
  });
  const answers: Pick<LaneContext, "collect" | "nodes"> = {
    nodes: (caip) => client.rpc.nodes(caip),
    // Every question has circuits of its own: what a circuit does is another test's.
    collect: (source, request) => collect(source, request, { http: client, breakers: createBreakers({}), report: [] }),
  };
  const bench = laneBench(coins, answers);
  closing.push(
    () => client.close(),
    () => bench.close(),
  );
  return bench;
}

const run = (bench: LaneBench, blocks = 0): Promise<LaneResult> => {
  head += blocks;
  return bench.run(timeOf(head));
};
const deferredOf = (bench: LaneBench, coinId: string) =>
  bench.snapshot()?.coins.find((coin) => coin.stablecoinId === coinId)?.coverage.deferred ?? [];

/** Mints of a coin in the record, provisional ones too, by block. */
async function blocksOf(bench: LaneBench, coinId: string): Promise<number[]> {
  const provisional = bench.snapshot()?.provisional ?? [];
  const rows = [...(await bench.events()), ...provisional].filter((event) => event.coinId === coinId);
  return rows.map(({ blockNumber }) => blockNumber).sort((a, b) => a - b);
}

const firstBlock = FIRST_HEAD - 86_400 / BLOCK_SEC + 1;
const trueBlocks = (to: number) => logsOf(firstBlock, to, [GOOD]).map(({ blockNumber }) => Number(blockNumber));
const onEvery = (change: (log: Log) => Log) => (logs: Log[]) => logs.map(change);

/** Answers that no honest node gives, and the words for them. */
const WORTHLESS: [what: string, words: string, logs: NonNullable<Manner["logs"]>][] = [
  [
    "logs of an address that was not asked for",
    "a contract that was not asked for",
    onEvery((log) => ({ ...log, address: STRANGER })),
  ],
  [
    "logs of blocks below the range",
    "outside the blocks that were asked for",
    (logs, { from }) => [{ ...(logs[0] as Log), blockNumber: hex(from - 1) }, ...logs],
  ],
  [
    "logs of blocks above the range",
    "outside the blocks that were asked for",
    (logs, { to }) => [...logs, { ...(logs[0] as Log), blockNumber: hex(to + 1) }],
  ],
  [
    "logs without a block hash: pending ones",
    "a block that is not mined yet",
    onEvery((log) => ({ ...log, blockHash: null, blockNumber: null })),
  ],
  ["no list of logs", "no list of whole logs", () => ({ logs: [] })],
];

describe("a node that gives what cannot be", () => {
  it.each(WORTHLESS)("is not believed where it gives %s: the next one is", async (_, words, logs) => {
    const liar = await startNode({ logs });
    const bench = await laneOver([liar, await startNode()]);
    const result = await run(bench);
    expect(result.status).toBe("ok");
    expect(await blocksOf(bench, "good-test")).toEqual(trueBlocks(head));
    expect(bench.snapshot()?.laggards).toEqual([]);
    expect(result.counts.apiErrors).toBeGreaterThan(0);
    // With nobody else to ask, nothing is read, and it is said why.
    const alone = await laneOver([liar]);
    const failed = await run(alone);
    expect(failed.reasons[0]?.message).toContain(words);
    expect(failed.snapshots).toEqual({});
    expect(failed.history).toEqual([]);
    expect(await blocksOf(alone, "good-test")).toEqual([]);
    // The same node mends its ways: everything is there.
    liar.manner = {};
    await run(alone);
    expect(await blocksOf(alone, "good-test")).toEqual(trueBlocks(head));
  });

  it("is not believed where it answers for another chain", async () => {
    const wrong = await startNode({ chainId: 137 });
    const bench = await laneOver([wrong, await startNode()]);
    expect((await run(bench)).status).toBe("ok");
    expect(await blocksOf(bench, "good-test")).toEqual(trueBlocks(head));
    const alone = await laneOver([wrong]);
    const failed = await run(alone);
    expect(failed.reasons.map(({ message }) => message).join()).toMatch(/another chain than eip155:1/);
    expect(failed.history).toEqual([]);
  });

  it("is not believed where it goes backwards, nor where it disagrees on a hash", async () => {
    for (const [manner, words] of [
      [{ head: FIRST_HEAD - 500 }, "behind what was read"],
      [{ fork: 9 }, "has another block"],
    ] as const) {
      head = FIRST_HEAD;
      const first = await startNode();
      const bench = await laneOver([first, await startNode()]);
      await run(bench);
      first.manner = manner;
      const result = await run(bench, 300);
      expect(result.status).toBe("ok");
      expect(await blocksOf(bench, "good-test")).toEqual(trueBlocks(head));
      const alone = await laneOver([first]);
      first.manner = {};
      head = FIRST_HEAD;
      await run(alone);
      const before = await blocksOf(alone, "good-test");
      first.manner = manner;
      const failed = await run(alone, 300);
      expect(failed.reasons[0]?.message).toContain(words);
      expect(failed.history).toEqual([]);
      expect(await blocksOf(alone, "good-test")).toEqual(before);
    }
  });
});

describe("a contract that is not what the registry says", () => {
  it("is set aside where there is no code, or other decimals; the others are read", async () => {
    const coins = benchRegistry({ id: CHAIN, slug: "ethereum", name: "Ethereum", blockTimeSec: BLOCK_SEC }, [
      { id: "good-test", symbol: "GOOD", contracts: [{ address: GOOD, decimals: 6, events: ["transfer"] }] },
      { id: "wrong-test", symbol: "WRONG", contracts: [{ address: OTHER, decimals: 18, events: ["transfer"] }] },
      { id: "codeless-test", symbol: "NONE", contracts: [{ address: CODELESS, decimals: 6, events: ["transfer"] }] },
    ]);
    const bench = await laneOver([await startNode(), await startNode()], coins);
    await run(bench);
    expect(deferredOf(bench, "wrong-test")[0]).toContain("the contract has 6 decimals, the registry says 18");
    expect(deferredOf(bench, "codeless-test")[0]).toContain("no token answers at this address");
    expect(bench.snapshot()?.laggards.map(({ key, state }) => [key, state])).toEqual([
      [`ethereum-${OTHER}`, "deferred"],
      [`ethereum-${CODELESS}`, "deferred"],
    ]);
    expect(await blocksOf(bench, "good-test")).toEqual(trueBlocks(head));
  });

  it("is set aside for an hour where every node gives its logs a topic that is not 32 bytes, then read again", async () => {
    const short = (logs: Log[]) =>
      logs.map((log) => (log.address === OTHER ? { ...log, topics: [TRANSFER, word(0), "0xc0ffee"] } : log));
    const nodes = [await startNode({ logs: short }), await startNode({ logs: short })];
    const bench = await laneOver(nodes);
    await run(bench);
    expect(deferredOf(bench, "other-test")[0]).toContain("a topic that is not 32 bytes");
    expect(deferredOf(bench, "good-test")).toEqual([]);
    expect(await blocksOf(bench, "good-test")).toEqual(trueBlocks(head));
    expect(await blocksOf(bench, "other-test")).toEqual([]);
    for (const node of nodes) node.manner = {};
    await run(bench, 150);
    expect(await blocksOf(bench, "other-test"), "within the hour it is left alone").toEqual([]);
    await run(bench, 310);
    await run(bench, 150);
    expect(bench.snapshot()?.laggards).toEqual([]);
    expect(await blocksOf(bench, "other-test")).toEqual(await blocksOf(bench, "good-test"));
    expect(await blocksOf(bench, "good-test")).toEqual(trueBlocks(head));
  });

  it("is believed where only one node spoils its topics", async () => {
    const liar = await startNode({ logs: onEvery((log) => ({ ...log, topics: ["0xshort"] })) });
    const bench = await laneOver([liar, await startNode()]);
    const result = await run(bench);
    expect(deferredOf(bench, "good-test")).toEqual([]);
    expect(await blocksOf(bench, "good-test")).toEqual(trueBlocks(head));
    expect(result.status).toBe("ok");
  });
});
