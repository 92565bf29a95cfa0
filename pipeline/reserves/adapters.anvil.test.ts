import { numberToHex, parseEther } from "viem";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ReserveAdapter } from "../schema/reserve-adapter.ts";
import { ANVIL_CHAIN, type Anvil, hasAnvil, startAnvil } from "../test-support/anvil.ts";
import { capacitiesOf, placeContracts, reserveNode, write as writeTo } from "../test-support/reserve-node.ts";

/** The node runs by the clock of the machine. */
const NOW = Math.floor(Date.now() / 1000);
const at = (n: number) => numberToHex(n, { size: 20 }) as `0x${string}`;
const [USDC, WETH, PSM, POCKET, VAULT, MARKET, TROVES, FEED] = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => at(0xa00 + n)) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
];
const [BRANCH, SHUT, REGISTRY, POOL, GSM, GSM2, FEE, GHO, CAP, OTHER] = Array.from({ length: 10 }, (_, n) =>
  at(0xb00 + n),
) as [
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
const e6 = (units: number) => BigInt(units) * 1_000_000n;

const ENTRIES: Record<string, ReserveAdapter> = {
  dai: { kind: "sky-makercore", litePsm: PSM, gem: USDC, pocket: POCKET, sharedPoolId: "psm", ...common },
  usds: { kind: "sky-makercore", litePsm: PSM, gem: USDC, pocket: POCKET, sharedPoolId: "psm", ...common },
  wrapper: { kind: "erc4626-single-asset", vault: VAULT, asset: USDC, assetCoinId: "usdc-circle", ...common },
  lusd: { kind: "liquity-v1", troveManager: TROVES, priceFeed: FEED, ...common },
  bold: {
    kind: "liquity-v2-branches",
    collateralRegistry: REGISTRY,
    branches: [BRANCH, SHUT].map((activePool) => ({
      activePool,
      collateral: { name: "WETH", token: WETH, priceKey: "ethereum:weth" },
    })),
    ...common,
  },
  fxusd: { kind: "fx-pools", pools: [{ name: "WBTC", pool: POOL, priceKey: "ethereum:wbtc" }], ...common },
  gho: {
    kind: "gho-gsm",
    token: GHO,
    gsms: [
      { name: "one", address: GSM },
      { name: "two", address: GSM2 },
    ],
    ...common,
  },
  cusd: { kind: "cap-vault", vault: CAP, ...common },
  ousd: { kind: "origin-vault-balances", vault: CAP, ...common },
  wm: { kind: "m0-wrapper-underlying", wrapper: POCKET, underlying: USDC, ...common },
};

describe.skipIf(!hasAnvil)("adapters on a real EVM node (skipped where anvil's binary is absent)", () => {
  let anvil: Anvil;
  let block: string;

  const write = (address: string, signature: string, ...args: unknown[]) => writeTo(anvil, address, signature, ...args);
  const { read, reading, failure } = reserveNode(
    () => anvil.url,
    ENTRIES,
    NOW,
    () => 1.001,
  );

  beforeAll(async () => {
    anvil = await startAnvil();
    await placeContracts(anvil, {
      [USDC]: "Token",
      [WETH]: "Token",
      [PSM]: "LitePsm",
      [VAULT]: "Vault",
      [TROVES]: "TroveManager",
      [FEED]: "PriceFeed",
      [BRANCH]: "Branch",
      [SHUT]: "Branch",
      [REGISTRY]: "Registry",
      [POOL]: "FxPool",
      [GSM]: "Gsm",
      [GSM2]: "Gsm",
      [FEE]: "FeeStrategy",
      [GHO]: "Gho",
      [CAP]: "CapVault",
    });
    await write(USDC, "function set(uint8,string)", 6, "USDC");
    await write(WETH, "function set(uint8,string)", 18, "WETH");
    await write(PSM, "function set(address,address)", USDC, POCKET);
    await write(USDC, "function mint(address,uint256)", POCKET, e6(700));
    await write(VAULT, "function set(address,address)", USDC, MARKET);
    await write(VAULT, "function deposit(uint256)", e6(1_000));
    await write(VAULT, "function lend(uint256)", e6(750));
    await write(
      TROVES,
      "function set(uint256,uint256,uint256)",
      parseEther("2"),
      parseEther("3000"),
      parseEther("0.0052"),
    );
    await write(FEED, "function set(uint256)", parseEther("3000"));
    await write(BRANCH, "function set(uint256,bool)", parseEther("400"), false);
    await write(SHUT, "function set(uint256,bool)", parseEther("100"), false);
    await write(WETH, "function mint(address,uint256)", BRANCH, parseEther("1"));
    await write(REGISTRY, "function set(uint256)", parseEther("0.00605"));
    await write(POOL, "function set(uint256,uint256)", parseEther("1"), parseEther("50000"));
    await write(FEE, "function set(uint256)", 20n);
    for (const gsm of [GSM, GSM2])
      await write(gsm, "function set(uint256,address)", parseEther("1000"), gsm === GSM ? FEE : at(0));
    await write(GSM, "function sell(uint256)", parseEther("600"));
    await write(GSM2, "function sell(uint256)", parseEther("300"));
    await write(GSM2, "function lose(uint256)", parseEther("50"));
    await write(GHO, "function add(address,uint128,string)", GSM, parseEther("600"), "GSM one");
    await write(GHO, "function add(address,uint128,string)", GSM2, parseEther("300"), "GSM two");
    await write(GHO, "function add(address,uint128,string)", OTHER, parseEther("1100"), "Core Direct Minter");
    await write(CAP, "function mint(address,uint256,uint256)", USDC, e6(500), parseEther("500"));
    await write(CAP, "function borrow(address,uint256)", USDC, e6(380));
    await write(USDC, "function mint(address,uint256)", CAP, e6(120));
    block = (await anvil.send("evm_snapshot")) as string;
  }, 60_000);
  afterAll(() => anvil?.stop());
  afterEach(async () => {
    await anvil.send("evm_revert", block);
    block = (await anvil.send("evm_snapshot")) as string;
  });

  it("reads every kind at one block, in one call a round", async () => {
    const { outcomes, blocks, rounds, calls } = await read();
    expect(capacitiesOf(outcomes)).toEqual({
      dai: 700,
      usds: 700,
      wrapper: 250 * 1.001,
      lusd: 3000,
      bold: 500,
      fxusd: 50_000,
      gho: 850,
      cusd: 120,
      ousd: 120,
      wm: 700,
    });
    expect(blocks.size).toBe(1);
    expect(rounds).toBe(2);
    expect(calls.filter((id) => id === "contracts:read")).toHaveLength(rounds);
  });

  it("takes a PSM's balance only where the PSM points to what was reviewed", async () => {
    await write(PSM, "function set(address,address)", USDC, MARKET);
    const { metadata, syncStatus, warnings } = await reading("dai");
    expect(metadata.redemption?.capacityUsd).toBeUndefined();
    expect(syncStatus).toBe("degraded");
    expect(warnings.map(({ code }) => code)).toContain("psm-mismatch");
    expect(metadata.sharedPoolId).toBe("psm");
  });

  it("tells idle from deployed in a vault, and a measured nothing from nothing measured", async () => {
    expect((await reading("wrapper")).metadata.redemption).toMatchObject({
      capacityRatioOfSupply: 0.25,
      capacityKind: "live-direct",
    });
    await write(VAULT, "function lend(uint256)", e6(250));
    expect((await reading("wrapper")).metadata.redemption).toMatchObject({ capacityUsd: 0, capacityRatioOfSupply: 0 });
    await write(VAULT, "function set(address,address)", WETH, MARKET);
    expect(await failure("wrapper")).toMatch(/another asset than reviewed/);
  });

  it("opens Liquity's route by its ratio, reads its fee, and leaves the price feed as it was", async () => {
    const before = await anvil.send("eth_getStorageAt", FEED, "0x1", "latest");
    expect((await reading("lusd")).metadata).toMatchObject({
      collateralizationRatio: 2,
      redemption: { capacityUsd: 3000, feeBps: 52, routeStatus: "open", routeStatusSource: "onchain" },
    });
    expect(await anvil.send("eth_getStorageAt", FEED, "0x1", "latest")).toBe(before);
    await write(FEED, "function set(uint256)", parseEther("1600"));
    expect((await reading("lusd")).metadata.redemption?.routeStatus).toBe("paused");
    await anvil.setCode(FEED, "0x");
    const blind = await reading("lusd");
    expect(blind.metadata.redemption?.routeStatus).toBe("unknown");
    expect(blind.syncStatus).toBe("degraded");
  });

  it("names a branch that was shut down, and fails where a branch's debt cannot be read", async () => {
    expect((await reading("bold")).metadata.redemption).toMatchObject({ feeBps: 61, routeStatus: "open" });
    await write(SHUT, "function set(uint256,bool)", parseEther("100"), true);
    expect((await reading("bold")).metadata.redemption).toMatchObject({ capacityUsd: 500, routeStatus: "degraded" });
    await anvil.setCode(SHUT, "0x");
    expect(await failure("bold")).toMatch(/debt of the WETH branch/);
  });

  it("counts a stability module by what it holds, only while it is open, and takes the dearest fee", async () => {
    const open = await reading("gho");
    expect(open.metadata.redemption).toMatchObject({
      capacityUsd: 850,
      capacityRatioOfSupply: 0.425,
      feeBps: 20,
      routeStatus: "open",
    });
    expect(open.syncStatus).toBe("degraded");
    expect(open.warnings.map(({ code }) => code)).toEqual(["aggregated-residual-issuance"]);
    expect(open.slices.find(({ name }) => name === "Core Direct Minter")).toMatchObject({ risk: "medium" });
    await write(GSM, "function close(bool,bool)", true, false);
    expect((await reading("gho")).metadata.redemption).toMatchObject({ capacityUsd: 250, routeStatus: "degraded" });
    await write(GSM2, "function close(bool,bool)", false, true);
    expect((await reading("gho")).metadata.redemption).toMatchObject({ capacityUsd: 0, routeStatus: "paused" });
  });

  it("counts what is unlent and unpaused in a vault of many assets", async () => {
    await write(CAP, "function charge(address,uint256)", USDC, 25n);
    expect((await reading("cusd")).metadata.redemption).toMatchObject({
      capacityUsd: 120,
      capacityRatioOfSupply: 0.24,
      routeStatus: "open",
      feeBps: 25,
    });
    await write(CAP, "function mint(address,uint256,uint256)", WETH, parseEther("100"), parseEther("100"));
    expect((await reading("cusd")).metadata.redemption?.capacityUsd).toBe(220);
    await write(CAP, "function pause(address,bool)", USDC, true);
    const rest = { capacityUsd: 100, routeStatus: "degraded", feeBps: 0 };
    expect((await reading("cusd")).metadata.redemption).toMatchObject(rest);
    await write(CAP, "function pause(address,bool)", WETH, true);
    expect((await reading("cusd")).metadata.redemption).toMatchObject({ capacityUsd: 0, routeStatus: "paused" });
    await anvil.setCode(WETH, "0x");
    expect(await failure("cusd")).toMatch(/could not be read/);
  });

  it("says of a dead node that it is dead, not that nothing is there", async () => {
    const { outcomes } = await read(["lusd", "cusd"], "http://127.0.0.1:1");
    expect([...outcomes.values()].every((outcome) => "failed" in outcome)).toBe(true);
  });
});
