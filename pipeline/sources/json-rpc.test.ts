import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { encodeAbiParameters, type Hex, keccak256, numberToHex, pad } from "viem";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { PROVIDER_REFUSALS } from "../simulator/unruly-chain.ts";
import { chainlinkFeeds } from "./chainlink.ts";
import { type Client, createClient, type UpstreamLimits } from "./client.ts";
import { erc20Supply } from "./erc20-supply.ts";
import { isRangeSplittable } from "./json-rpc.ts";
import { ethGetBlockByNumber, ethGetLogs } from "./json-rpc-reads.ts";
import { createRecorder, loadReplayer } from "./recorder.ts";

const ANVIL = fileURLToPath(new URL("../../node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil", import.meta.url));
const CODE = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(new URL("__fixtures__/contracts.json", import.meta.url), "utf8")));
const CHAIN = "eip155:31337";
const MULTICALL3 = "0xca11bde05977b3631167028862be2a173976ca11";
const TOKENS = [1, 2, 3].map((n) => numberToHex(0x1000 + n, { size: 20 }));
const FEED = numberToHex(0x2001, { size: 20 });
const EMPTY = numberToHex(0x3001, { size: 20 });
const HOLDER = numberToHex(0x4001, { size: 20 });
const clients: Client[] = [];

function clientOver(nodes: readonly string[], options: { multicall3?: Hex | null; recording?: string } = {}): Client {
  const limits = { timeoutMs: 8_000, maxBytes: 1e7, retries: 0, concurrency: 4, perSecond: 1000, keyEnv: null };
  const upstreams = new Map<string, UpstreamLimits>();
  for (const [index, baseUrl] of nodes.entries()) {
    const id = `rpc:${CHAIN}:${index}`;
    upstreams.set(id, { id, baseUrl, ...limits, keyRequired: false });
  }
  const multicall3 = options.multicall3 === undefined ? MULTICALL3 : options.multicall3;
  const client = createClient({
    upstreams,
    chains: new Map([[CHAIN, { id: CHAIN, name: "test", multicall3, nodes: [...upstreams.keys()] }]]),
    env: {},
    nowSec: 1_795_000_000,
    random: () => 0,
    sleep: async () => {},
    ...(options.recording === undefined ? {} : { recorder: createRecorder(options.recording) }),
  });
  clients.push(client);
  return client;
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

describe.skipIf(!existsSync(ANVIL))("on a real EVM node (skipped where anvil's binary is absent)", () => {
  let anvil: ChildProcess;
  let url: string;

  beforeAll(async () => {
    anvil = spawn(ANVIL, ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
    url = await new Promise<string>((resolve, reject) => {
      let text = "";
      const timer = setTimeout(() => reject(new Error("anvil did not start")), 20_000);
      anvil.stdout?.on("data", (chunk) => {
        text += chunk;
        const address = /Listening on (\S+)/.exec(text)?.[1];
        if (address === undefined) return;
        clearTimeout(timer);
        resolve(`http://${address}`);
      });
    });
    const rpc = clientOver([url]).rpc;
    const send = (method: string, ...params: unknown[]) => rpc.call(`rpc:${CHAIN}:0`, method, params);
    const store = (at: string, slot: Hex, value: bigint) =>
      send("anvil_setStorageAt", at, slot, numberToHex(value, { size: 32 }));
    await send("anvil_setCode", MULTICALL3, CODE.Multicall3);
    for (const [index, token] of TOKENS.entries()) {
      await send("anvil_setCode", token, CODE.Token);
      await store(token, "0x0", 10n ** 24n + BigInt(index));
      await store(token, "0x1", [6n, 18n, 2n][index] ?? 0n);
      const key = encodeAbiParameters([{ type: "address" }, { type: "uint256" }], [HOLDER, 2n]);
      await store(token, keccak256(key), 5n * BigInt(index));
    }
    await send("anvil_setCode", FEED, CODE.Feed);
    await store(FEED, "0x0", 8n);
    await store(FEED, "0x1", 115_820_000n);
    await store(FEED, pad("0x2", { size: 32 }), 1_763_888_000n);
    await send("anvil_mine", "0x1");
  });

  afterAll(() => {
    anvil.kill();
  });

  const request = {
    chain: CHAIN,
    tokens: [...TOKENS.map((address) => ({ address, holders: [HOLDER] })), { address: EMPTY }],
  };

  const expected = {
    chain: CHAIN,
    blockNumber: 1,
    tokens: [
      { totalSupply: "1000000000000000000000000", decimals: 6, balances: [{ holder: HOLDER, balance: "0" }] },
      { totalSupply: "1000000000000000000000001", decimals: 18, balances: [{ holder: HOLDER, balance: "5" }] },
      { totalSupply: "1000000000000000000000002", decimals: 2, balances: [{ holder: HOLDER, balance: "10" }] },
      { address: EMPTY, totalSupply: null, decimals: null, balances: [] },
    ],
  };

  test("supplies of three ERC-20 contracts are read in one call; an address without code is unknown, not zero", async () => {
    const client = clientOver([url]);
    expect(await erc20Supply.fetch(client, request)).toMatchObject(expected);
    // Chain id, newest block, one multicall.
    expect(client.counts()[`rpc:${CHAIN}:0`]?.requests).toBe(3);
  });

  test("they are read one by one where a chain has no Multicall3", async () => {
    expect(await erc20Supply.fetch(clientOver([url], { multicall3: null }), request)).toMatchObject(expected);
  });

  test("a price feed is read with its own decimals and time", async () => {
    const { quotes } = await chainlinkFeeds.fetch(clientOver([url]), {
      feeds: [
        { chain: CHAIN, address: FEED },
        { chain: CHAIN, address: EMPTY },
      ],
    });
    expect(quotes).toEqual([
      {
        key: `${CHAIN}:${FEED}`,
        price: 1.1582,
        quote: "USD",
        priceUsd: 1.1582,
        observedAt: 1_763_888_000,
        decimals: 8,
        answer: "115820000",
      },
    ]);
  });

  test("a chain that is down leaves the feeds of the others", async () => {
    const { quotes, failures } = await chainlinkFeeds.fetch(clientOver([url]), {
      feeds: [
        { chain: CHAIN, address: FEED },
        { chain: "eip155:5", address: FEED },
      ],
    });
    expect(quotes).toHaveLength(1);
    expect(failures).toEqual([{ chain: "eip155:5", detail: expect.stringContaining("No node is known") }]);
  });

  test("where the first node is down the next one serves", async () => {
    const client = clientOver(["http://127.0.0.1:1", url]);
    expect(await erc20Supply.fetch(client, request)).toMatchObject(expected);
  });

  test("logs and blocks come from the node that is asked", async () => {
    const client = clientOver([url]);
    const node = `rpc:${CHAIN}:0`;
    expect(await ethGetLogs.fetch(client, { node, fromBlock: 0, toBlock: 1 })).toEqual({ logs: [] });
    expect(await ethGetBlockByNumber.fetch(client, { node, block: 1 })).toMatchObject({ number: 1 });
    await expect(ethGetBlockByNumber.fetch(client, { node, block: 99 })).rejects.toMatchObject({ code: "bad-shape" });
  });

  test("a recorded read replays without the node", async () => {
    const recording = fileURLToPath(new URL(`../../node_modules/.cache/rpc-${process.pid}.jsonl`, import.meta.url));
    const recorded = clientOver([url], { recording });
    const live = await erc20Supply.fetch(recorded, request);
    await recorded.close();
    const replaying = createClient({
      upstreams: new Map([[`rpc:${CHAIN}:0`, limitsOf("http://127.0.0.1:1")]]),
      chains: new Map([[CHAIN, { id: CHAIN, name: "test", multicall3: MULTICALL3, nodes: [`rpc:${CHAIN}:0`] }]]),
      env: {},
      nowSec: 1_795_000_000,
      random: () => 0,
      replayer: await loadReplayer(recording),
    });
    clients.push(replaying);
    expect(await erc20Supply.fetch(replaying, request)).toEqual(live);
  });
});

function limitsOf(baseUrl: string): UpstreamLimits {
  const limits = { timeoutMs: 8_000, maxBytes: 1e7, retries: 0, concurrency: 4, perSecond: 1000, keyEnv: null };
  return { id: `rpc:${CHAIN}:0`, baseUrl, ...limits, keyRequired: false };
}

describe("nodes that refuse", () => {
  let server: Server;
  let answer: { status: number; body: unknown };
  let url: string;

  beforeAll(async () => {
    server = createServer((_, response) => {
      response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  async function refusal(status: number, body: unknown): Promise<unknown> {
    answer = { status, body };
    const client = clientOver([url]);
    return client.rpc.call(`rpc:${CHAIN}:0`, "eth_getLogs", []).catch((error: unknown) => error);
  }

  test.each([
    [
      "a range limit with HTTP 200",
      200,
      { code: -32000, message: "eth_getLogs is limited to a 1000 blocks range" },
      true,
    ],
    ["a range limit with HTTP 400", 400, { code: -32602, message: "exceed maximum block range: 5000" }, true],
    ["a rate limit with HTTP 429", 429, { code: -32005, message: "slow down" }, true],
    [
      "too many results with a code of its own",
      200,
      { code: 35, message: "Query returned MORE THAN 10000 results" },
      true,
    ],
    ["wrong parameters", 200, { code: -32602, message: "invalid argument 0" }, false],
    ["an error that is only text", 200, "Too Many Results", true],
  ])("%s is an rpc-error", async (_name, status, error, splittable) => {
    const refused = await refusal(status, { jsonrpc: "2.0", id: 1, error });
    expect(refused).toMatchObject({ name: "RpcError", code: "rpc-error", splittable });
    expect(isRangeSplittable(refused)).toBe(splittable);
  });

  test.each(Object.entries(PROVIDER_REFUSALS))("%s's refusal arrives whole, whatever its status", async (_, refuse) => {
    const { code, message } = refuse(418_748_416, 2000, 50_000);
    for (const status of [200, 400, 413]) {
      const refused = await refusal(status, { jsonrpc: "2.0", id: 1, error: { code, message } });
      expect(refused).toMatchObject({ name: "RpcError", rpcCode: code, rpcMessage: message });
    }
  });

  test.each([
    [503, true],
    [408, true],
    [403, false],
  ])("HTTP %i without an error member is the status it is", async (status, splittable) => {
    const refused = await refusal(status, {});
    expect(refused).toMatchObject({ name: "HttpRefused", code: `http-${status}` });
    expect(isRangeSplittable(refused)).toBe(splittable);
  });

  test("a node's URL with its key does not come back in the message", async () => {
    const message = "limit for https://node.example/v2/0123456789abcdefghijKLMN reached";
    const refused = await refusal(200, { jsonrpc: "2.0", id: 1, error: { code: -32005, message } });
    expect(String(refused)).not.toContain("0123456789abcdefghijKLMN");
  });

  test("a node of another chain is not believed", async () => {
    answer = { status: 200, body: { jsonrpc: "2.0", id: 1, result: "0x1" } };
    await expect(clientOver([url]).rpc.chain(CHAIN)).rejects.toMatchObject({ code: "wrong-chain" });
  });

  test("a dead node is no list of failed reads", async () => {
    const client = clientOver([url]);
    answer = { status: 200, body: { jsonrpc: "2.0", id: 1, result: numberToHex(31337) } };
    await client.rpc.chain(CHAIN);
    answer = { status: 503, body: {} };
    const block = { number: 1n, timestamp: 1 };
    const reading = erc20Supply.fetch(client, { chain: CHAIN, tokens: [{ address: EMPTY }], block });
    await expect(reading).rejects.toMatchObject({ code: "http-503" });
  });
});
