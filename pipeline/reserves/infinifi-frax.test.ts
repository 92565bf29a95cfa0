import { describe, expect, it } from "vitest";
import type { AdapterEntry } from "../schema/reserve-adapter.ts";
import { fraxBalanceSheet } from "../sources/frax.ts";
import { AdapterFailed, type Given, type ReserveResult } from "./adapter.ts";
import { fraxBalanceSheetAdapter } from "./adapters/frax-balance-sheet.ts";
import { infinifi } from "./adapters/infinifi.ts";
import { validateReading } from "./validate.ts";

const NOW = 1_800_000_000;
const at = (n: number) => `0x${String(n).padStart(40, "0")}`;
const e6 = (units: number) => BigInt(units) * 1_000_000n;
const e18 = (units: number) => BigInt(units) * 10n ** 18n;
const given = (more: Partial<Given> = {}): Given => ({
  nowSec: NOW,
  feed: () => null,
  priceUsd: () => null,
  coinPriceUsd: () => 0.99,
  coinOfToken: () => null,
  ...more,
});

const ENTRY: AdapterEntry<"infinifi"> = {
  kind: "infinifi",
  chain: "eip155:1",
  farmRegistry: at(1),
  redeemController: at(2),
  asset: at(3),
  assetCoinId: "usdc-circle",
  displayUrl: null,
  source: "test",
};

/** Contracts by "<address> <function>"; what is not there reverts. */
function read(contracts: Record<string, unknown>, more: Partial<Given> = {}): ReserveResult {
  const reading = infinifi.read(ENTRY, given(more));
  let moved = reading.next();
  while (!moved.done)
    moved = reading.next(
      moved.value.map(({ address, functionName }) => contracts[`${address} ${functionName}`] ?? null),
    );
  return moved.value;
}

const GOOD = {
  [`${at(1)} getAssetTypeFarms`]: [at(4), at(5), at(2)],
  [`${at(4)} liquidity`]: e6(100),
  [`${at(5)} liquidity`]: e6(50),
  [`${at(2)} liquidity`]: e6(10),
  [`${at(2)} totalEnqueuedRedemptions`]: e18(30),
  [`${at(2)} paused`]: false,
  [`${at(3)} decimals`]: 6,
};

describe("infiniFi", () => {
  it("adds what liquid farms and the controller can pay, once each, beside the queue of those who wait", () => {
    const result = read(GOOD);
    expect(result.metadata.redemption).toMatchObject({
      capacityUsd: 160 * 0.99,
      queueDepthUsd: 30 * 0.99,
      capacityKind: "live-queue",
      freshnessKind: "same-run-onchain",
      routeStatus: "open",
    });
    expect(validateReading(result, infinifi, NOW)).toMatchObject({ reading: { warnings: [] } });
  });

  it("keeps a measured nothing, and says when it is paused or nobody can tell", () => {
    const empty = read({ ...GOOD, [`${at(1)} getAssetTypeFarms`]: [], [`${at(2)} liquidity`]: 0n });
    expect(empty.metadata.redemption?.capacityUsd).toBe(0);
    expect(read({ ...GOOD, [`${at(2)} paused`]: true }).metadata.redemption?.routeStatus).toBe("paused");
    const unknown = read({ ...GOOD, [`${at(2)} paused`]: null });
    expect(unknown.metadata.redemption?.routeStatus).toBe("unknown");
    expect(unknown.warnings).toEqual([expect.objectContaining({ effect: "degraded", code: "route-unchecked" })]);
  });

  it.each([
    ["the registry", `${at(1)} getAssetTypeFarms`],
    ["a farm", `${at(5)} liquidity`],
    ["the controller", `${at(2)} liquidity`],
    ["the queue", `${at(2)} totalEnqueuedRedemptions`],
    ["the decimals", `${at(3)} decimals`],
  ])("gives nothing where %s cannot be read", (_what, key) => {
    expect(() => read({ ...GOOD, [key]: null })).toThrow(AdapterFailed);
  });

  it("gives no dollars without the price of what is paid out, and nothing for a registry that lists the whole world", () => {
    expect(read(GOOD, { coinPriceUsd: () => null }).metadata.redemption).not.toHaveProperty("capacityUsd");
    const many = Array.from({ length: 70 }, (_, n) => at(100 + n));
    expect(() => read({ ...GOOD, [`${at(1)} getAssetTypeFarms`]: many })).toThrow(/more farms/);
  });
});

const item = (tokenSymbol: string, tokenAddress: string, totalValueUsd: unknown, chain = "ethereum") => ({
  category: "reserve",
  chain,
  tokenAddress,
  tokenSymbol,
  totalValueUsd,
});
const sheet = (more: object = {}) => ({
  asOfTimestamp: new Date((NOW - 600) * 1000).toISOString(),
  totalAssets: 103,
  totalLiabilities: 100,
  assets: [item("USDC", at(7), 12), item("USDC", at(8), 3, "base"), item("USTB", at(9), 88)],
  ...more,
});
const COINS: Record<string, string> = { [`eip155:1/${at(7)}`]: "usdc-circle", [`eip155:8453/${at(8)}`]: "usdc-circle" };

function readSheet(body: object): ReserveResult {
  const parsed = fraxBalanceSheet.parse(body, {});
  const feed = (() => parsed) as unknown as Given["feed"];
  const entry = { kind: "frax-balance-sheet", displayUrl: null, source: "test" } as const;
  const reading = fraxBalanceSheetAdapter.read(
    entry,
    given({ feed, coinOfToken: (chain, address) => COINS[`${chain}/${address}`] ?? null }),
  );
  const moved = reading.next();
  if (!moved.done) throw new Error("it asked a chain");
  return moved.value;
}

describe("Frax's balance sheet", () => {
  it("counts dollars by the token's address on its chain, and dates them by the sheet", () => {
    const result = readSheet(sheet());
    expect(result.metadata).toMatchObject({
      freshnessMode: "verified",
      sourceTimestamp: NOW - 600,
      totalReserveUsd: 103,
    });
    expect(result.metadata.redemption).toMatchObject({ capacityUsd: 15, capacityKind: "live-proxy-validated" });
    expect(result.metadata.redemption).not.toHaveProperty("capacityRatioOfSupply");
    expect(result.slices.map(({ name, risk }) => [name, risk])).toEqual([
      ["USDC", "low"],
      ["USTB", "medium"],
    ]);
    expect(validateReading(result, fraxBalanceSheetAdapter, NOW)).toHaveProperty("reading");
  });

  it("does not take a symbol's word for it", () => {
    const fake = readSheet(sheet({ assets: [item("USDC", at(66), 100)] }));
    expect(fake.metadata.redemption?.capacityUsd).toBe(0);
    expect(fake.slices[0]?.risk).toBe("medium");
  });

  it("says when more is owed than held, and when nobody knows of when it is", () => {
    expect(readSheet(sheet({ totalLiabilities: 200 })).warnings).toEqual([
      expect.objectContaining({ effect: "degraded", code: "undercollateralised" }),
    ]);
    const undated = readSheet(sheet({ asOfTimestamp: "soon" }));
    expect(undated.metadata).toMatchObject({ freshnessMode: "unverified", freshnessReason: expect.any(String) });
    expect(undated.metadata.redemption?.freshnessKind).toBe("unverified");
  });

  it.each([
    ["a negative item", sheet({ assets: [item("USDC", at(7), -1)] })],
    ["an item in words", sheet({ assets: [item("USDC", at(7), "12")] })],
    ["NaN", sheet({ totalAssets: Number.NaN })],
    ["no items", sheet({ assets: [] })],
    ["another shape", { error: "moved" }],
  ])("%s is no balance sheet", (_what, body) => {
    expect(() => fraxBalanceSheet.parse(body, {})).toThrow(expect.objectContaining({ code: "bad-shape" }));
  });
});
