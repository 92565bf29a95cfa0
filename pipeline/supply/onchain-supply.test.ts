import { expect, test } from "vitest";
import { onchainSupply } from "./onchain-supply.ts";

const one = (supply: number | null, supported = true) => [{ supply, supported }];

test("one deployment: its total times the price", () => {
  expect(onchainSupply(one(100), 1.1)).toEqual({ supplyUsd: 110.00000000000001, supplySource: "onchain-total-supply" });
});

test("several deployments are never added up, an unsupported one included", () => {
  expect(onchainSupply([...one(100), ...one(50)], 1)).toBeNull();
  expect(onchainSupply([...one(100), ...one(50, false)], 1)).toBeNull();
  expect(onchainSupply([], 1)).toBeNull();
  expect(onchainSupply(one(100, false), 1)).toBeNull();
});

test("own holders' balances are taken off; one unread balance makes the whole unknown", () => {
  expect(onchainSupply(one(100), 2, [30, 10])).toEqual({ supplyUsd: 120, supplySource: "onchain-circulating-supply" });
  expect(onchainSupply(one(100), 2, [0])?.supplySource).toBe("onchain-circulating-supply");
  expect(onchainSupply(one(100), 2, [30, null])).toBeNull();
  expect(onchainSupply(one(100), 2, [100])).toBeNull();
  expect(onchainSupply(one(100), 2, [101])).toBeNull();
});

test("without a supply or a price there is no answer, and never zero", () => {
  for (const supply of [null, 0, -1, Number.NaN]) expect(onchainSupply(one(supply), 1)).toBeNull();
  for (const price of [null, 0, -1, Number.NaN]) expect(onchainSupply(one(1), price)).toBeNull();
});
