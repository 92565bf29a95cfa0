import { createPublicClient, erc20Abi, type Hex, http, parseAbi } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MULTICALL3_ADDRESS } from "./evm-contracts.ts";
import { type Simulator, startSimulator } from "./simulator.ts";
import { TEST_NOW_SEC as NOW, testCoins } from "./test-coins.ts";

const DAY_SEC = 86_400;
const coins = testCoins();
const USDC: Hex = "0x0000000000000000000000000000000000000002";
const TREASURY: Hex = "0x000000000000000000000000000000000000beef";
const STRANGER: Hex = "0x00000000000000000000000000000000000000ff";
const FEED_ABI = parseAbi([
  "function decimals() view returns (uint8)",
  "function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)",
]);

let sim: Simulator;
beforeAll(async () => {
  sim = await startSimulator({ seed: 2, coins, nowSec: NOW, incidents: [] });
});
afterAll(() => sim.close());

function clientOf(chain: string) {
  const id = Number(chain.split(":")[1]);
  return createPublicClient({
    chain: {
      id,
      name: chain,
      nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
      rpcUrls: { default: { http: sim.overrides.rpc[chain]! } },
      contracts: { multicall3: { address: MULTICALL3_ADDRESS } },
    },
    transport: http(sim.overrides.rpc[chain]![0], { retryCount: 0, batch: true }),
  });
}

const unitsOn = (chain: string, timeSec: number) => {
  const share = sim.world.chainShares("usdc-circle", timeSec).find((entry) => entry.chain === chain)!.shareRatio;
  return sim.world.circulatingUnits("usdc-circle", timeSec) * share;
};

describe("nodes of simulated chains, asked through viem", () => {
  it("know their chain, the newest block and past blocks", async () => {
    const client = clientOf("eip155:1");
    expect(await client.getChainId()).toBe(1);
    const block = await client.getBlock();
    expect(block.number).toBe(await client.getBlockNumber({ cacheTime: 0 }));
    expect(NOW - Number(block.timestamp)).toBeLessThan(13);
    const parent = await client.getBlock({ blockNumber: block.number - 1n });
    expect(parent.hash).toBe(block.parentHash);
    expect(block.timestamp - parent.timestamp).toBe(12n);
    expect((await client.getBlock({ blockTag: "finalized" })).number).toBeLessThan(block.number);
  });

  it("read supplies, decimals and balances in one multicall", async () => {
    const token = { address: USDC, abi: erc20Abi } as const;
    const [supply, decimals, symbol, treasury, stranger] = await clientOf("eip155:1").multicall({
      allowFailure: false,
      contracts: [
        { ...token, functionName: "totalSupply" },
        { ...token, functionName: "decimals" },
        { ...token, functionName: "symbol" },
        { ...token, functionName: "balanceOf", args: [TREASURY] },
        { ...token, functionName: "balanceOf", args: [STRANGER] },
      ],
    });
    expect([decimals, symbol, stranger]).toEqual([6, "USDC", 0n]);
    expect(treasury).toBeGreaterThan(0n);
    expect(Number(supply - treasury) / 1e6 / unitsOn("eip155:1", NOW)).toBeCloseTo(1, 9);
  });

  it("say which calls of a multicall failed and carry on", async () => {
    const results = await clientOf("eip155:1").multicall({
      contracts: [
        { address: USDC, abi: FEED_ABI, functionName: "latestRoundData" },
        { address: USDC, abi: erc20Abi, functionName: "decimals" },
      ],
    });
    expect(results.map(({ status }) => status)).toEqual(["failure", "success"]);
  });

  it("answer a call at a past block with the supply of that time", async () => {
    const client = clientOf("eip155:42161");
    const then = NOW - 60 * DAY_SEC;
    const newest = await client.getBlock();
    const blockNumber = newest.number - BigInt((Number(newest.timestamp) - then) * 4);
    expect(Number((await client.getBlock({ blockNumber })).timestamp)).toBe(then);
    const supply = await client.readContract({
      address: USDC,
      abi: erc20Abi,
      functionName: "totalSupply",
      blockNumber,
    });
    expect(Number(supply) / 1e18 / unitsOn("eip155:42161", then)).toBeCloseTo(1, 9);
  });

  it("answer as Chainlink's currency and metal feeds do", async () => {
    const feeds = [
      ["eip155:8453", "0xc91D87E81faB8f93699ECf7Ee9B44D11e1D53F0F", "EUR"],
      ["eip155:8453", "0xCceA6576904C118037695eB71195a5425E69Fa15", "GBP"],
      ["eip155:1", "0xBcE206caE7f0ec07b545EddE332A47C2F75bbeb3", "JPY"],
      ["eip155:42161", "0x1F954Dc24a49708C26E0C1777f16750B5C6d5a2c", "XAU"],
      ["eip155:1", "0x379589227b15F1a12195D3f2d90bBc9F31f95235", "XAG"],
    ] as const;
    for (const [chain, address, code] of feeds) {
      const client = clientOf(chain);
      expect(await client.readContract({ address, abi: FEED_ABI, functionName: "decimals" })).toBe(8);
      const [, answer, , updatedAt] = await client.readContract({
        address,
        abi: FEED_ABI,
        functionName: "latestRoundData",
      });
      expect(Number(answer) / 1e8 / sim.world.fxUsdPerUnit(code, NOW)!).toBeCloseTo(1, 3);
      expect(NOW - Number(updatedAt)).toBeLessThanOrEqual(3_600);
    }
  });

  it("say what real nodes say to an unknown method, a missing block, a bad address and a revert, with HTTP 200", async () => {
    const call = { to: USDC, data: "0x12345678" };
    const body = [
      { jsonrpc: "2.0", id: 1, method: "eth_nonsense", params: [] },
      { jsonrpc: "2.0", id: 2, method: "eth_call", params: [{ to: USDC, data: "0x18160ddd" }, "0xffffffffff"] },
      { jsonrpc: "2.0", id: 3, method: "eth_call", params: [{ to: "nowhere" }, "latest"] },
      { jsonrpc: "2.0", id: 4, method: "eth_call", params: [call, "latest"] },
      { jsonrpc: "2.0", id: 5, method: "eth_call", params: [{ ...call, to: STRANGER }, "latest"] },
      { jsonrpc: "2.0", id: 6, method: "eth_getBlockByNumber", params: ["0xffffffffff", false] },
    ];
    const answer = await fetch(sim.overrides.rpc["eip155:1"]![0]!, { method: "POST", body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject([
      { id: 1, error: { code: -32601 } },
      { id: 2, error: { code: -32000, message: "header not found" } },
      { id: 3, error: { code: -32602 } },
      { id: 4, error: { code: 3, message: "execution reverted" } },
      { id: 5, result: "0x" },
      { id: 6, result: null },
    ]);
    const broken = await fetch(sim.overrides.rpc["eip155:1"]![0]!, { method: "POST", body: "{" });
    expect(await broken.json()).toMatchObject({ error: { code: -32600 } });
  });
});
