import { expect, test } from "vitest";
import { sourceFreshness } from "./freshness.ts";

const NOW = 1_800_000_000;
const reason = (source: string, observedAt: number | null | undefined) =>
  sourceFreshness(source, observedAt, null, NOW).reason;

test("an age equal to the limit passes, one second more does not", () => {
  expect(reason("pyth", NOW - 300)).toBeNull();
  expect(reason("pyth", NOW - 301)).toBe("stale_observed_at");
  expect(reason("curve-dex", NOW - 2100)).toBeNull();
  expect(reason("curve-dex", NOW - 2101)).toBe("stale_observed_at");
  expect(reason("coingecko-low-volume", NOW - 7 * 86_400)).toBeNull();
  expect(reason("cached", 1)).toBeNull();
});

test("clocks may run ahead by ten minutes", () => {
  expect(reason("kraken", NOW + 600)).toBeNull();
  expect(reason("kraken", NOW + 601)).toBe("future_observed_at");
});

test("a time must be a positive finite number", () => {
  for (const time of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(reason("kraken", time)).toBe("invalid_observed_at");
});

test("oracles, DEX lanes, the list and replays must state their time; others may not", () => {
  for (const source of [
    "pyth",
    "redstone",
    "dex-promoted",
    "geckoterminal",
    "defillama-list",
    "cached",
    "chainlink-nav",
  ])
    for (const time of [null, undefined]) expect(reason(source, time)).toBe("missing_observed_at");
  for (const source of ["kraken", "coinbase", "coingecko", "curve-onchain", "jupiter"])
    expect(reason(source, null)).toBeNull();
});

test("sources outside the registry take no part", () => {
  for (const source of ["nobody", "", "constructor", "toString"]) expect(reason(source, NOW)).toBe("unknown_source");
});

test("the mode is the given one, else upstream where the source states times, else the registry's", () => {
  const mode = (source: string, time: number | null, given: "unknown" | null = null) =>
    sourceFreshness(source, time, given, NOW).mode;
  expect(mode("coinbase", NOW)).toBe("upstream");
  expect(mode("coinbase", null)).toBe("local_fetch");
  expect(mode("kraken", NOW)).toBe("local_fetch");
  expect(mode("defillama-list", NOW)).toBeNull();
  expect(mode("coinbase", NOW, "unknown")).toBe("unknown");
});
