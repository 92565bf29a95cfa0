import { numberToHex, parseEther } from "viem";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ReserveAdapter } from "../schema/reserve-adapter.ts";
import { ANVIL_CHAIN, type Anvil, hasAnvil, startAnvil } from "../test-support/anvil.ts";
import { capacitiesOf, placeContracts, reserveNode, write as writeTo } from "../test-support/reserve-node.ts";

/** The node runs by the clock of the machine. */
const NOW = Math.floor(Date.now() / 1000);
const PRICE_USD = 0.5;
const at = (n: number) => numberToHex(0xc00 + n, { size: 20 });
const USDC = at(1);
const FRANC = at(2);
const GHO = at(3);
const [BRIDGE, SECOND_BRIDGE, IDLE, PAIRS, HANDLER, ORACLE, PLEDGES, SAVINGS] = [10, 11, 12, 13, 14, 15, 16, 17].map(
  at,
) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
];
const [PSM, TROVES, FEED, RATE, FARMS, FARM, CONTROLLER, PAIR, SECOND_PAIR, ELSEWHERE] = [
  20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
].map(at) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
];
const common = { displayUrl: null, source: "test", chain: ANVIL_CHAIN };
const paid = { asset: USDC, assetCoinId: "usdc-circle" };
const bridge = (name: string, address: `0x${string}`) => ({ name, bridge: address, token: FRANC, coinId: "franc" });
const e6 = (units: number) => BigInt(units) * 1_000_000n;

const ENTRIES: Record<string, ReserveAdapter> = {
  zchf: { kind: "stablecoin-bridges", bridges: [bridge("one", BRIDGE), bridge("two", SECOND_BRIDGE)], ...common },
  ustb: { kind: "superstate-liquidity", redemption: IDLE, ...paid, ...common },
  reusd: { kind: "resupply-pairs", registry: PAIRS, redemptionHandler: HANDLER, oracle: ORACLE, ...common },
  musd: {
    kind: "liquity-native-active-pool",
    troveManager: TROVES,
    priceFeed: FEED,
    borrowerOperations: RATE,
    collateral: "BTC",
    ...common,
  },
  cjpy: { kind: "yamato", priorityRegistry: PLEDGES, coinId: "cjpy", ...common },
  sgho: { kind: "sgho-wrapper", vault: SAVINGS, asset: GHO, assetCoinId: "gho", ...common },
  wsrusd: { kind: "reservoir-psm", psm: PSM, ...paid, sharedPoolId: "psm", ...common },
  srusd: { kind: "reservoir-psm", psm: PSM, ...paid, sharedPoolId: "psm", ...common },
  iusd: { kind: "infinifi", farmRegistry: FARMS, redeemController: CONTROLLER, ...paid, ...common },
};

describe.skipIf(!hasAnvil)("issuers' own contracts on a real EVM node (skipped where anvil's binary is absent)", () => {
  let anvil: Anvil;
  let block: string;
  let priceUsd: number | null = PRICE_USD;

  const write = (address: string, signature: string, ...args: unknown[]) => writeTo(anvil, address, signature, ...args);
  const { read, reading, failure } = reserveNode(
    () => anvil.url,
    ENTRIES,
    NOW,
    () => priceUsd,
  );
  const route = async (coinId: string) => (await reading(coinId)).metadata.redemption;
  const mint = (token: string, to: string, amount: bigint) =>
    write(token, "function mint(address,uint256)", to, amount);

  beforeAll(async () => {
    anvil = await startAnvil();
    await placeContracts(anvil, {
      [USDC]: "Token",
      [FRANC]: "Token",
      [GHO]: "Token",
      [BRIDGE]: "StablecoinBridge",
      [SECOND_BRIDGE]: "StablecoinBridge",
      [IDLE]: "IdlePayer",
      [PAIRS]: "PairRegistry",
      [HANDLER]: "RedemptionHandler",
      [ORACLE]: "PriceInCrvusd",
      [PLEDGES]: "Pledges",
      [SAVINGS]: "Savings",
      [TROVES]: "TroveManager",
      [FEED]: "PriceFeed",
      [RATE]: "RateSetter",
      [FARMS]: "FarmRegistry",
      [FARM]: "Farm",
      [CONTROLLER]: "RedeemController",
    });
    await write(USDC, "function set(uint8,string)", 6, "USDC");
    await write(FRANC, "function set(uint8,string)", 18, "FRANC");
    await write(GHO, "function set(uint8,string)", 18, "GHO");
    for (const address of [BRIDGE, SECOND_BRIDGE]) await write(address, "function set(address)", FRANC);
    await write(BRIDGE, "function mint(uint256)", parseEther("1000"));
    await write(SECOND_BRIDGE, "function mint(uint256)", parseEther("200"));
    await mint(USDC, IDLE, e6(3_000));
    await mint(USDC, PSM, e6(80));
    await write(PAIRS, "function set(address)", HANDLER);
    for (const pair of [PAIR, SECOND_PAIR]) await write(PAIRS, "function add(address)", pair);
    await write(HANDLER, "function borrow(address,uint256)", PAIR, parseEther("5000"));
    await write(HANDLER, "function borrow(address,uint256)", SECOND_PAIR, parseEther("900"));
    await write(HANDLER, "function guard(bool,uint256)", true, parseEther("0.985"));
    await write(ORACLE, "function set(uint256)", parseEther("0.98"));
    await write(TROVES, "function set(uint256,uint256,uint256)", parseEther("1"), parseEther("40000"), 0n);
    await write(FEED, "function set(uint256)", parseEther("100000"));
    await write(RATE, "function set(uint256)", parseEther("0.0075"));
    await write(PLEDGES, "function set(uint256)", parseEther("500000"));
    // At 250 %, at 115 % and under water.
    await write(PLEDGES, "function pledge(uint256,uint256)", parseEther("1"), parseEther("200000"));
    await write(PLEDGES, "function pledge(uint256,uint256)", parseEther("0.23"), parseEther("100000"));
    await write(PLEDGES, "function pledge(uint256,uint256)", parseEther("0.1"), parseEther("90000"));
    await write(SAVINGS, "function set(address,address)", GHO, ELSEWHERE);
    await write(SAVINGS, "function deposit(uint256)", parseEther("1000"));
    await write(FARM, "function set(address)", USDC);
    await write(CONTROLLER, "function set(address)", USDC);
    await write(FARMS, "function add(address,uint256,address)", USDC, 1n, FARM);
    await write(FARMS, "function add(address,uint256,address)", USDC, 1n, CONTROLLER);
    await write(FARMS, "function add(address,uint256,address)", USDC, 2n, ELSEWHERE);
    await mint(USDC, FARM, e6(400));
    await mint(USDC, CONTROLLER, e6(50));
    block = (await anvil.send("evm_snapshot")) as string;
  }, 60_000);
  afterAll(() => anvil?.stop());
  afterEach(async () => {
    priceUsd = PRICE_USD;
    await anvil.send("evm_revert", block);
    block = (await anvil.send("evm_snapshot")) as string;
  });

  it("reads every kind at one block, in one call a round", async () => {
    const { outcomes, blocks, rounds, calls } = await read();
    expect(capacitiesOf(outcomes)).toEqual({
      zchf: 1_200 * PRICE_USD,
      ustb: 3_000 * PRICE_USD,
      reusd: 4_000,
      musd: 40_000,
      cjpy: 100_000 * PRICE_USD,
      sgho: 1_000 * PRICE_USD,
      wsrusd: 80 * PRICE_USD,
      srusd: 80 * PRICE_USD,
      iusd: 450 * PRICE_USD,
    });
    expect(blocks.size).toBe(1);
    expect(rounds).toBe(2);
    expect(calls).toEqual(["contracts:read", "contracts:read"]);
  });

  it("says nothing in dollars where nobody knows what is paid out is worth, and zero where nothing lies there", async () => {
    priceUsd = null;
    for (const coinId of ["zchf", "ustb", "cjpy", "sgho", "wsrusd", "iusd"])
      expect(await route(coinId), coinId).not.toHaveProperty("capacityUsd");
    expect((await reading("zchf")).warnings.map(({ code }) => code)).toEqual(["unpriced"]);
    await write(USDC, "function move(address,address,uint256)", PSM, ELSEWHERE, e6(80));
    priceUsd = PRICE_USD;
    expect(await route("wsrusd")).toMatchObject({ capacityUsd: 0, capacityKind: "live-proxy-validated" });
  });

  it("swaps francs back no further than a bridge issued, and only of the token that was reviewed", async () => {
    await mint(FRANC, BRIDGE, parseEther("77"));
    expect(await route("zchf")).toMatchObject({ capacityUsd: 1_200 * PRICE_USD, holderEligibility: "any-holder" });
    await write(BRIDGE, "function burn(address,uint256)", ELSEWHERE, parseEther("600"));
    expect((await route("zchf"))?.capacityUsd).toBe(600 * PRICE_USD);
    await write(SECOND_BRIDGE, "function set(address)", USDC);
    expect(await failure("zchf")).toMatch(/bridge of two holds another token/);
    await anvil.setCode(SECOND_BRIDGE, "0x");
    expect(await failure("zchf")).toMatch(/bridge of two/);
  });

  it("pays whitelisted holders of USTB what lies idle, unless it is paused", async () => {
    expect(await route("ustb")).toMatchObject({ routeStatus: "open", holderEligibility: "whitelisted-primary" });
    await write(IDLE, "function pause(bool)", true);
    expect((await route("ustb"))?.routeStatus).toBe("paused");
    await anvil.setCode(IDLE, "0x");
    const blind = await reading("ustb");
    expect(blind).toMatchObject({ syncStatus: "degraded", metadata: { redemption: { routeStatus: "unknown" } } });
    await anvil.setCode(USDC, "0x");
    expect(await failure("ustb")).toMatch(/could not be read/);
  });

  it("opens Resupply's route below the guard's price, or with the guard off, and to its operator alone above it", async () => {
    expect((await route("reusd"))?.routeStatus).toBe("open");
    await write(ORACLE, "function set(uint256)", parseEther("0.99"));
    expect(await route("reusd")).toMatchObject({
      routeStatus: "cohort-limited",
      routeStatusReason: expect.any(String),
    });
    await write(HANDLER, "function guard(bool,uint256)", false, parseEther("0.985"));
    expect((await route("reusd"))?.routeStatus).toBe("open");
    await write(HANDLER, "function guard(bool,uint256)", true, parseEther("0.985"));
    await anvil.setCode(ORACLE, "0x");
    expect((await reading("reusd")).syncStatus).toBe("degraded");
    await write(PAIRS, "function set(address)", ELSEWHERE);
    expect(await failure("reusd")).toMatch(/another redemption handler/);
    await anvil.setCode(PAIRS, "0x");
    expect(await failure("reusd")).toMatch(/registry of pairs/);
  });

  it("reads Mezo's rate and ratio as Liquity's, in bitcoin", async () => {
    const open = await reading("musd");
    expect(open.slices).toEqual([{ name: "BTC", pct: 100, risk: "medium" }]);
    expect(open.metadata).toMatchObject({
      collateralizationRatio: 2.5,
      redemption: { feeBps: 75, routeStatus: "open" },
    });
    await write(FEED, "function set(uint256)", parseEther("43000"));
    const thin = await reading("musd");
    expect(thin.metadata.redemption?.routeStatus).toBe("paused");
    expect(thin.warnings.map(({ code }) => code)).toEqual(["thin-collateral"]);
    await anvil.setCode(RATE, "0x");
    expect((await reading("musd")).metadata.redemption).not.toHaveProperty("feeBps");
  });

  it("takes Yamato's own word for what can be redeemed, also where that is nothing", async () => {
    await write(PLEDGES, "function set(uint256)", parseEther("5000000"));
    expect((await route("cjpy"))?.capacityUsd).toBe(0);
    await anvil.setCode(PLEDGES, "0x");
    expect(await failure("cjpy")).toMatch(/could not be read/);
  });

  it("pays savers of GHO what lies in the vault, not what is still owed to them", async () => {
    await write(SAVINGS, "function accrue(uint256)", parseEther("250"));
    expect(await route("sgho")).toMatchObject({ capacityUsd: 1_000 * PRICE_USD, capacityRatioOfSupply: 0.8 });
    await write(SAVINGS, "function pause(bool)", true);
    expect((await route("sgho"))?.routeStatus).toBe("paused");
    await write(SAVINGS, "function set(address,address)", USDC, ELSEWHERE);
    expect(await failure("sgho")).toMatch(/another asset than reviewed/);
  });

  it("names the one pool of both savings forms of rUSD", async () => {
    expect((await reading("wsrusd")).metadata.sharedPoolId).toBe("psm");
    expect((await reading("srusd")).metadata.sharedPoolId).toBe("psm");
  });

  it("counts infiniFi's liquid farms and controller once, and the queue of those who wait", async () => {
    expect(await route("iusd")).toMatchObject({ queueDepthUsd: 0, routeStatus: "open", capacityKind: "live-queue" });
    await write(CONTROLLER, "function redeem(uint256)", parseEther("70"));
    expect((await route("iusd"))?.queueDepthUsd).toBe(20 * PRICE_USD);
    await write(CONTROLLER, "function pause(bool)", true);
    expect((await route("iusd"))?.routeStatus).toBe("paused");
    await anvil.setCode(FARM, "0x");
    expect(await failure("iusd")).toMatch(/liquidity of the farm/);
    await anvil.setCode(FARMS, "0x");
    expect(await failure("iusd")).toMatch(/farm registry/);
  });
});
