/** Nodes as providers run them: every one's own limit in its own words, limits that are very small, and silence. */
import { describe, expect, it, onTestFinished } from "vitest";
import { toEvent } from "./flow-figures.ts";
import { PROVIDER_REFUSALS, type UnrulyOptions, unrulyChain } from "./simulator/unruly-chain.ts";
import { benchRegistry, laneBench } from "./test-support/lane-bench.ts";

const START_SEC = Date.UTC(2026, 10, 20) / 1000;
const TOKEN = {
  coinId: "usdx-test",
  address: "0x000000000000000000000000000000000000a006",
  decimals: 6,
  isBridged: false,
};
const REGISTRY = benchRegistry({ id: "eip155:1", slug: "unruly", name: "Unruly", blockTimeSec: 12 }, [
  { id: TOKEN.coinId, symbol: "USDX", contracts: [{ address: TOKEN.address, decimals: 6, events: ["transfer"] }] },
]);
const FINAL_BLOCKS = 64;

function world(options: Partial<UnrulyOptions>) {
  const chain = unrulyChain({ seed: 1, tokens: [TOKEN], startSec: START_SEC, slug: "unruly", nodes: 1, ...options });
  const bench = laneBench(REGISTRY, chain.answers, () => null);
  onTestFinished(() => bench.close());
  const stored = async () =>
    (await bench.events())
      .map(toEvent)
      .map((event) => `${event.chainId}-${event.txHash}-${event.logIndex} ${event.direction} ${event.amountUnits}`)
      .sort();
  const truth = (through = chain.head() - FINAL_BLOCKS) =>
    chain
      .truth()
      .filter(({ block }) => block <= through)
      .map(({ id, direction, units }) => `${id} ${direction} ${units}`)
      .sort();
  return { chain, bench, stored, truth, run: () => bench.run(chain.now()) };
}

/** Those who name no number are asked for halves until one fits, which may be hardly more than half of what they take. */
const NAMES_NO_LIMIT = ["ankr", "chainstack", "a node without a hint"];

describe("a provider's limit", () => {
  const [limit, blocks] = [100, 1000];
  const least = 2 * Math.ceil((blocks + 1) / limit);

  it.each(Object.keys(PROVIDER_REFUSALS))("of %s is understood, and costs few questions", async (provider) => {
    const { chain, run, stored, truth } = world({ provider, widest: limit });
    chain.mine(blocks);
    expect((await run()).status).toBe("ok");
    expect(truth().length).toBeGreaterThan(100);
    expect(await stored()).toEqual(truth());
    const most = NAMES_NO_LIMIT.includes(provider) ? 2 : 1.1;
    expect(chain.asked("evm:logs")).toBeLessThanOrEqual(least * most);
    // The limit is remembered: the next run is refused nothing where a number was named.
    const before = chain.asked("evm:logs");
    chain.mine(150);
    await run();
    if (most === 1.1) expect(chain.asked("evm:logs") - before).toBeLessThanOrEqual(2 * Math.ceil((150 + 65) / limit));
  });

  it.each(["alchemy, free", "quicknode, free", "a node without a hint"])(
    "of five blocks (%s) lets every run get on, until the head is reached",
    async (provider) => {
      const { chain, run, bench, stored, truth } = world({ provider, widest: 5 });
      chain.mine(1200);
      let reached = -1;
      for (let runs = 0; runs < 20 && reached < chain.head() - FINAL_BLOCKS; runs++) {
        const result = await run();
        expect(result.counts.budgetUsed).toBeLessThanOrEqual(result.counts.budgetLimit as number);
        const now = bench.snapshot()?.chains[0]?.lastSyncedBlock ?? -1;
        expect(now).toBeGreaterThan(reached);
        expect(await stored()).toEqual(truth(Math.min(now, chain.head() - FINAL_BLOCKS)));
        reached = now;
      }
      expect(reached).toBeGreaterThanOrEqual(chain.head() - FINAL_BLOCKS);
    },
  );
});

describe("silence of a contract that is never silent", () => {
  it("is not believed of one node: the next is, and nothing is lost", async () => {
    const { chain, run, stored, truth } = world({ nodes: 2 });
    chain.calm();
    chain.mine(3600);
    await run();
    chain.hush(0);
    chain.mine(600);
    const result = await run();
    expect(result.counts.apiErrors).toBeGreaterThan(0);
    expect(await stored()).toEqual(truth());
  });

  it("stops the cursor where nobody else can be asked, until the node speaks again", async () => {
    const { chain, run, stored, truth } = world({ nodes: 1 });
    chain.calm();
    chain.mine(3600);
    await run();
    const before = await stored();
    chain.hush(0);
    chain.mine(600);
    const result = await run();
    expect(result.reasons[0]?.message).toContain("shows no event of USDX");
    expect(result.snapshots).toEqual({});
    expect(await stored()).toEqual(before);
    chain.hush();
    await run();
    expect(await stored()).toEqual(truth());
  });

  it("is believed where two nodes show it", async () => {
    const { chain, run, stored } = world({ nodes: 2 });
    chain.calm();
    chain.mine(3600);
    await run();
    const before = await stored();
    chain.hush(0, 1);
    chain.mine(600);
    expect((await run()).reasons).toEqual([]);
    expect(await stored()).toEqual(before);
  });
});
