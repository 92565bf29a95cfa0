import { expect, test } from "vitest";
import { orderAddressTargets, resolveAddressProviders } from "./address-providers.ts";

const ALL_KEYS = ["coingecko", "alchemy", "moralis", "birdeye"];

test("unset: DexPaprika and whatever has a key; DexScreener only by name", () => {
  for (const unset of [null, undefined, "", " "])
    expect(resolveAddressProviders(unset, [])).toEqual(["dexpaprika-address"]);
  expect(resolveAddressProviders(null, ALL_KEYS)).toEqual([
    "dexpaprika-address",
    "coingecko-onchain-address",
    "alchemy-address",
    "moralis-address",
    "birdeye-address",
  ]);
});

test("a list is followed in its order, without strangers, doubles and providers whose key is missing", () => {
  const list = "Moralis-Address, dexscreener-address,nobody,birdeye,dexscreener";
  expect(resolveAddressProviders(list, ["moralis"])).toEqual(["moralis-address", "dexscreener-address"]);
  expect(resolveAddressProviders("nobody", ALL_KEYS)).toEqual([]);
});

test("four words switch it off", () => {
  for (const off of ["none", "OFF", " false ", "0"]) expect(resolveAddressProviders(off, ALL_KEYS)).toEqual([]);
});

test("unpriced coins first, then the large, then by id; coins with three sources are left out", () => {
  const target = (id: string, missing: boolean, previousSourceDepth: number | null, circulatingUsd: number | null) => ({
    id,
    missing,
    previousSourceDepth,
    circulatingUsd,
  });
  const targets = [
    target("b", false, 2, 5),
    target("a", false, 2, 5),
    target("enough", false, 3, 1e9),
    target("unknown-depth", false, null, null),
    target("small-missing", true, 0, 1),
    target("missing-despite-sources", true, 5, 2),
  ];
  expect(orderAddressTargets(targets)).toEqual(["missing-despite-sources", "small-missing", "a", "b", "unknown-depth"]);
});
