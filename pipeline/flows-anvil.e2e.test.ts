import { readFileSync } from "node:fs";
import { type Abi, encodeFunctionData, numberToHex, parseAbi } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flowId, isCounted, toEvent } from "./flow-figures.ts";
import type { LaneContext } from "./lane.ts";
import type { FlowEvent } from "./schema/flows.ts";
import { createBreakers } from "./sources/breaker.ts";
import { createClient } from "./sources/client.ts";
import { collect } from "./sources/collect.ts";
import { type Anvil, ANVIL_CHAIN as CHAIN, hasAnvil, MULTICALL3, startAnvil } from "./test-support/anvil.ts";
import { benchRegistry, type LaneBench, laneBench } from "./test-support/lane-bench.ts";

const CODE = JSON.parse(readFileSync(new URL("test-support/flow-token.json", import.meta.url), "utf8"));
const MULTICALL_CODE = JSON.parse(
  readFileSync(new URL("sources/__fixtures__/contracts.json", import.meta.url), "utf8"),
).Multicall3;
const ABI = parseAbi([
  "function mint(address,uint256)",
  "function burn(address,uint256)",
  "function move(address,address,uint256)",
  "function mintMany(uint256,uint256)",
  "function roundtrip(address,uint256,uint256)",
  "function issue(uint256)",
  "function redeem(uint256)",
  "function deposit(address,address,uint256)",
  "function routeRedemption(address,uint256,uint256)",
  "function bridgeBurn(address,uint256,address)",
]) as Abi;

const at = (n: number) => numberToHex(n, { size: 20 });
const [TWO, SIX, EIGHTEEN, ISSUER, DEPOSITS, REDEMPTIONS, LATE, EMPTY] = [1, 2, 3, 4, 5, 6, 7, 8].map((n) =>
  at(0xa000 + n),
) as [string, string, string, string, string, string, string, string];
const MESSENGER = "0x28b5a0e9c621a5badaa536219b3a228c8168cf5d";
const POOL = at(0xb001);
const HOLDER = at(0xc001);
const HOUR = 3600;
/** Whole hours, so that the hours of a test are its own. */
const GENESIS = Math.floor(Date.UTC(2026, 10, 20) / 1000);

const registry = benchRegistry({ id: CHAIN, slug: "anvil", name: "Anvil", blockTimeSec: 12, multicall3: MULTICALL3 }, [
  { id: "two-test", symbol: "TWO", contracts: [{ address: TWO, decimals: 2, events: ["transfer"] }] },
  {
    id: "six-test",
    symbol: "SIX",
    contracts: [{ address: SIX, decimals: 6, events: ["transfer"], bridge: { protocol: "cctp", addresses: [POOL] } }],
  },
  {
    id: "eighteen-test",
    symbol: "EIGHTEEN",
    contracts: [{ address: EIGHTEEN, decimals: 18, events: ["transfer"], dustThreshold: 10_000 }],
  },
  {
    id: "issuer-test",
    symbol: "ISSUER",
    contracts: [{ address: ISSUER, decimals: 6, events: ["transfer", "usdt-issue", "usdt-redeem"] }],
  },
  {
    id: "vault-test",
    symbol: "VAULT",
    contracts: [
      { address: DEPOSITS, decimals: 18, events: ["reusd-deposited"] },
      { address: REDEMPTIONS, decimals: 18, events: ["reusd-instant-redemption-routed"] },
    ],
  },
  {
    id: "wrong-test",
    symbol: "WRONG",
    contracts: [{ address: LATE, decimals: 18, events: ["transfer"], tier: "extended" }],
  },
  {
    id: "empty-test",
    symbol: "EMPTY",
    contracts: [{ address: EMPTY, decimals: 18, events: ["transfer"], tier: "extended" }],
  },
]);

describe.skipIf(!hasAnvil)("flows of a real EVM node (skipped where anvil's binary is absent)", () => {
  let anvil: Anvil;
  let bench: LaneBench;
  let from: string;
  let calls = 0;
  const clients: { close(): Promise<void> }[] = [];

  function answers(): Pick<LaneContext, "collect" | "nodes"> {
    const limits = { timeoutMs: 20_000, maxBytes: 1e8, retries: 0, concurrency: 8, perSecond: 1e6, keyEnv: null };
    const ids = [0, 1].map((n) => `rpc:${CHAIN}:${n}`);
    const client = createClient({
      upstreams: new Map(ids.map((id) => [id, { id, baseUrl: anvil.url, ...limits, keyRequired: false }])),
      chains: new Map([[CHAIN, { id: CHAIN, name: "test", multicall3: MULTICALL3, nodes: ids }]]),
      env: {},
      nowSec: GENESIS,
      random: () => 0,
      sleep: async () => {},
    });
    clients.push(client);
    const report = { http: client, breakers: createBreakers({}), report: [] };
    return {
      nodes: (caip) => client.rpc.nodes(caip),
      async collect(source, request) {
        const before = Object.values(client.counts()).reduce((sum, { requests }) => sum + requests, 0);
        const collected = await collect(source, request, report);
        calls += Object.values(client.counts()).reduce((sum, { requests }) => sum + requests, 0) - before;
        return collected;
      },
    };
  }

  const head = async () => Number(await anvil.send<string>("eth_blockNumber"));
  const call = (to: string, functionName: string, ...args: unknown[]) =>
    anvil.send<string>("eth_sendTransaction", {
      from,
      to,
      data: encodeFunctionData({ abi: ABI, functionName, args }),
      gas: "0x1c9c380",
    });
  const mine = (blocks = 1, seconds = 12) => anvil.send("anvil_mine", numberToHex(blocks), numberToHex(seconds));
  /** Blocks enough that what was there before is final: anvil calls a block final 64 blocks later. */
  const finish = () => mine(70);
  const nowOfChain = async () => {
    const block = await anvil.send<{ timestamp: string }>("eth_getBlockByNumber", "latest", false);
    return Number(block.timestamp);
  };

  /** What the chain itself says, by a plain reading of every log: the truth of a test, made without the lane's code. */
  async function truth(): Promise<{ id: string; direction: string; units: bigint; address: string }[]> {
    const logs = await anvil.send<
      { address: string; topics: string[]; data: string; transactionHash: string; logIndex: string }[]
    >("eth_getLogs", { fromBlock: "0x0", toBlock: "latest" });
    const zero = `0x${"0".repeat(64)}`;
    const word = (data: string, slot: number) => BigInt(`0x${data.slice(2 + 64 * slot, 2 + 64 * (slot + 1)) || "0"}`);
    return logs.flatMap(({ address, topics, data, transactionHash, logIndex }) => {
      const id = `anvil-${transactionHash}-${Number(logIndex)}`;
      const row = (direction: string, slot = 0) => [{ id, direction, units: word(data, slot), address }];
      switch (topics[0]?.slice(0, 10)) {
        case "0xddf252ad":
          if (![TWO, SIX, EIGHTEEN, ISSUER].includes(address)) return [];
          return topics[1] === zero ? row("mint") : topics[2] === zero ? row("burn") : [];
        case "0xcb8241ad":
          return row("mint");
        case "0x702d5967":
          return row("burn");
        case "0x8752a472":
          return row("mint", 2);
        case "0xa58dba63":
          return row("burn");
        default:
          return [];
      }
    });
  }

  async function published(): Promise<FlowEvent[]> {
    const decimals = new Map(
      (bench.snapshot()?.provisional ?? []).map((event) => [
        flowId(toEvent({ ...event, revision: 0, removed: false })),
        event,
      ]),
    );
    const provisional = [...decimals.values()].map((event) => toEvent({ ...event, revision: 0, removed: false }));
    return [...(await bench.events()).map(toEvent), ...provisional];
  }

  async function expectTruth(): Promise<void> {
    const events = await published();
    expect(new Set(events.map(flowId)).size).toBe(events.length);
    const expected = (await truth())
      .filter(({ units, address }) => units > 0n && (address !== EIGHTEEN || units >= 10_000n * 10n ** 18n))
      .map(({ id, direction, units }) => `${id} ${direction} ${units}`);
    expect(events.map((event) => `${flowId(event)} ${event.direction} ${event.amountUnits}`).sort()).toEqual(
      expected.sort(),
    );
  }

  beforeAll(async () => {
    anvil = await startAnvil(
      "--no-mining",
      "--timestamp",
      String(GENESIS),
      "--block-base-fee-per-gas",
      "0",
      "--gas-price",
      "0",
      "--gas-limit",
      "300000000",
    );
    [from] = (await anvil.send<string[]>("eth_accounts")) as [string];
    await anvil.send("anvil_setCode", MULTICALL3, MULTICALL_CODE);
    await anvil.send("anvil_setCode", MESSENGER, CODE.Messenger);
    for (const [token, decimals] of [
      [TWO, 2],
      [SIX, 6],
      [EIGHTEEN, 18],
      [ISSUER, 6],
      [DEPOSITS, 18],
      [REDEMPTIONS, 18],
      [LATE, 6],
    ] as const) {
      await anvil.send("anvil_setCode", token, CODE.FlowToken);
      await anvil.send("anvil_setStorageAt", token, "0x0", numberToHex(10n ** 40n, { size: 32 }));
      await anvil.send("anvil_setStorageAt", token, "0x1", numberToHex(decimals, { size: 32 }));
    }
    await mine();
    bench = laneBench(registry, answers());
  }, 30_000);

  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    bench?.close();
    anvil?.stop();
  });

  it("are the mints and burns of every kind of contract, each once, provisional first", async () => {
    await call(TWO, "mint", HOLDER, 12_345n);
    await call(SIX, "mint", HOLDER, 5_000_000n * 10n ** 6n);
    await call(SIX, "move", HOLDER, from, 7n * 10n ** 6n);
    await call(EIGHTEEN, "mint", HOLDER, 10_000n * 10n ** 18n);
    await call(EIGHTEEN, "mint", HOLDER, 10_000n * 10n ** 18n - 1n);
    await call(EIGHTEEN, "burn", HOLDER, 123_456_789_012_345_678_901_234n);
    await call(ISSUER, "issue", 10n ** 12n);
    await call(ISSUER, "redeem", 10n ** 11n);
    await call(ISSUER, "mint", HOLDER, 10n ** 10n);
    await call(DEPOSITS, "deposit", HOLDER, SIX, 10n ** 22n);
    await call(REDEMPTIONS, "routeRedemption", HOLDER, 2n * 10n ** 22n, 5n);
    await call(SIX, "mint", HOLDER, 0n);
    await mine();
    const result = await bench.run(await nowOfChain());
    expect(result.reasons).toEqual([]);
    expect(bench.snapshot()?.provisional.length).toBeGreaterThan(8);
    await expectTruth();
    const vault = (await published()).filter((event) => event.coinId === "vault-test");
    expect(vault.map(({ direction, counterparty, amount }) => [direction, counterparty, amount])).toEqual(
      expect.arrayContaining([
        ["mint", HOLDER, 10_000],
        ["burn", HOLDER, 20_000],
      ]),
    );
  });

  it("set aside contracts that are none or have other decimals, and read the others", async () => {
    const coins = new Map(bench.snapshot()?.coins.map((coin) => [coin.stablecoinId, coin]));
    expect(coins.get("wrong-test")?.coverage.deferred[0]).toContain(
      "the contract has 6 decimals, the registry says 18",
    );
    expect(coins.get("empty-test")?.coverage.deferred[0]).toContain("no token answers at this address");
    expect(coins.get("six-test")?.coverage.deferred).toEqual([]);
  });

  it("tell roundtrips and bridge transfers from flow", async () => {
    await call(SIX, "roundtrip", HOLDER, 1_000_000n * 10n ** 6n, 995_000n * 10n ** 6n);
    await call(SIX, "roundtrip", HOLDER, 1_000_000n * 10n ** 6n, 994_999n * 10n ** 6n);
    await call(SIX, "bridgeBurn", POOL, 77_000n * 10n ** 6n, MESSENGER);
    await call(SIX, "burn", POOL, 66_000n * 10n ** 6n);
    await mine();
    await bench.run(await nowOfChain());
    const six = (await published()).filter((event) => event.coinId === "six-test");
    const of = (amount: number, direction: string) =>
      six.find((event) => event.amount === amount && event.direction === direction);
    expect(of(995_000, "burn")?.flowType).toBe("atomic_roundtrip");
    expect(of(994_999, "burn")?.flowType).toBe("standard");
    expect(of(77_000, "burn")).toMatchObject({ flowType: "bridge_transfer", burnType: "bridge_burn" });
    expect(of(66_000, "burn")).toMatchObject({
      flowType: "standard",
      burnType: "review_required",
      burnReviewReason: "known-bridge-pool-without-bridge-signal",
    });
    expect(six.filter((event) => event.amount === 77_000 && isCounted(event))).toEqual([]);
    await expectTruth();
  });

  it("survive a reorganisation between runs: what is gone is taken back, what is new is there", async () => {
    await finish();
    await bench.run(await nowOfChain());
    await call(SIX, "mint", HOLDER, 111_111n * 10n ** 6n);
    await mine(3);
    await bench.run(await nowOfChain());
    expect((await published()).some((event) => event.amount === 111_111)).toBe(true);
    const data = encodeFunctionData({ abi: ABI, functionName: "mint", args: [HOLDER, 222_222n * 10n ** 6n] });
    await anvil.send("anvil_reorg", 4, [[{ from, to: SIX, data, gas: "0x1c9c380" }, 1]]);
    await bench.run(await nowOfChain());
    const amounts = (await published()).map(({ amount }) => amount);
    expect(amounts).toContain(222_222);
    expect(amounts).not.toContain(111_111);
    await expectTruth();
  });

  it("survive reorganisations of 1 to 60 blocks while thousands of events are made", async () => {
    for (const [round, depth] of [1, 7, 23, 60].entries()) {
      await call(EIGHTEEN, "mintMany", 500n, 20_000n * 10n ** 18n + BigInt(round) * 10n ** 6n);
      await call(TWO, "mintMany", 200n, 1_000_00n);
      await mine(depth + 2);
      await bench.run(await nowOfChain());
      await anvil.send("anvil_reorg", depth, []);
      await call(SIX, "mint", HOLDER, BigInt(round + 1) * 10n ** 12n);
      await mine(2);
      await bench.run(await nowOfChain());
      await expectTruth();
    }
    expect((await published()).length).toBeGreaterThan(1_000);
  }, 180_000);

  it("come out right when the chain is reorganised in the middle of a run", async () => {
    const plain = answers();
    let asked = 0;
    const moving = laneBench(registry, {
      ...plain,
      async collect(source, request) {
        const answer = await plain.collect(source, request);
        // Between the question for mints and the one for burns the last two blocks are replaced.
        if (source.id === "evm:logs" && ++asked === 1) await anvil.send("anvil_reorg", 2, []);
        return answer;
      },
    });
    await call(SIX, "mint", HOLDER, 424_242n * 10n ** 6n);
    await call(SIX, "burn", HOLDER, 424_242n * 10n ** 6n);
    await mine(1);
    const kept = bench;
    bench = moving;
    try {
      const result = await moving.run(await nowOfChain());
      expect(asked).toBeGreaterThan(3);
      expect(result.counts.chainsRead).toBe(1);
      await expectTruth();
    } finally {
      moving.close();
      bench = kept;
    }
  });

  it("end as stored events and hours that equal the chain once everything is final", async () => {
    await finish();
    await bench.run(await nowOfChain());
    await mine(400);
    await bench.run(await nowOfChain());
    await mine(400);
    const result = await bench.run(await nowOfChain());
    expect(bench.snapshot()?.provisional).toEqual([]);
    await expectTruth();
    const hours = await bench.hours();
    const events = (await bench.events()).map(toEvent);
    const through = Math.min(...hours.map(({ hourTs }) => hourTs)) + 1;
    expect(hours.length).toBeGreaterThan(3);
    for (const hour of hours) {
      const own = events.filter(
        (event) =>
          event.coinId === hour.coinId && Math.floor(event.timestamp / HOUR) * HOUR === hour.hourTs && isCounted(event),
      );
      expect([hour.mintCount, hour.burnCount], `${hour.coinId} ${hour.hourTs}`).toEqual([
        own.filter(({ direction }) => direction === "mint").length,
        own.filter(({ direction }) => direction === "burn").length,
      ]);
    }
    expect(through).toBeGreaterThan(0);
    expect(result.status).toBe("ok");
    expect(await head()).toBeGreaterThan(900);
  });

  it("name a change of supply that no event explains", async () => {
    await mine(400, 240);
    await bench.run(await nowOfChain());
    const differences = (id: string) =>
      bench.snapshot()?.coins.find((coin) => coin.stablecoinId === id)?.coverage.supplyDifferences ?? [];
    const before = await anvil.send<string>("eth_getStorageAt", EIGHTEEN, "0x0", "latest");
    const more = BigInt(before) + 123n * 10n ** 18n;
    await anvil.send("anvil_setStorageAt", EIGHTEEN, "0x0", numberToHex(more, { size: 32 }));
    await call(TWO, "mint", HOLDER, 5_000n);
    await mine(400, 240);
    await bench.run(await nowOfChain());
    expect(differences("eighteen-test")).toMatchObject([{ contract: EIGHTEEN, differenceTokens: 123 }]);
    expect(differences("two-test")).toEqual([]);
  });

  it("cost a handful of calls when nothing happened", async () => {
    await mine(150);
    calls = 0;
    await bench.run(await nowOfChain());
    expect(calls).toBeLessThanOrEqual(12);
    expect(calls).toBeGreaterThan(2);
  });
});
