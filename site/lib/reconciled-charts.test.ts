import { expect, test } from "vitest";
import { testCoin } from "../../pipeline/test-support/lane-context.ts";
import { nonUsdShares, reconciledCharts } from "./reconciled-charts.ts";

const DAY = 86_400;
const ids = { defillama: null, coingecko: null, coinmarketcap: null, coinmarketcapSlug: null };
const gold = testCoin("gold-coin", { ids, peg: { currency: "GOLD", type: "peggedGOLD", referenceId: null } });
const beside = testCoin("beside-coin", { ids });
const listed = testCoin("listed-coin");
const point = (day: number, circulatingUsd: number) => ({ date: day * DAY, circulatingUsd, priceUsd: null });
const charts = [1, 2, 3, 8].map((day) => ({ date: day * DAY, totalCirculatingUSD: { peggedUSD: 1_000 } }));

test("coins beside the list are added to the days that have them, listed ones are there already", () => {
  const supplies = new Map([
    ["gold-coin", [point(2, 50)]],
    ["beside-coin", [point(2, 7), point(3, 8)]],
    ["listed-coin", [point(2, 900)]],
  ]);
  expect(reconciledCharts(charts, [gold, beside, listed], supplies)).toEqual([
    { date: DAY, totalCirculatingUSD: { peggedUSD: 1_000 } },
    { date: 2 * DAY, totalCirculatingUSD: { peggedUSD: 1_007, peggedGOLD: 50 } },
    { date: 3 * DAY, totalCirculatingUSD: { peggedUSD: 1_008, peggedGOLD: 50 } },
    { date: 8 * DAY, totalCirculatingUSD: { peggedUSD: 1_000 } },
  ]);
  expect(reconciledCharts(charts, [listed], new Map())).toEqual(charts);
});

test("a gap between two rows of a coin is bridged, one of more than a month is not, nor what lies before its first row", () => {
  const days = [1, 2, 4, 9, 10, 14, 60, 61].map((day) => ({ date: day * DAY, totalCirculatingUSD: {} }));
  const supplies = new Map([["beside-coin", [point(2, 100), point(10, 180), point(60, 500)]]]);
  const sums = reconciledCharts(days, [beside], supplies).map(({ totalCirculatingUSD: usd }) => usd.peggedUSD ?? null);
  expect(sums).toEqual([null, 100, 120, 170, 180, null, 500, 500]);
});

test("the share that is not dollars: metals, other money, and what floats in neither", () => {
  const euro = testCoin("euro-coin", { peg: { currency: "EUR", type: "peggedEUR", referenceId: null } });
  const floating = testCoin("float-coin", { peg: { currency: "VAR", type: "peggedVAR", referenceId: null } });
  const supplies = new Map([
    ["listed-coin", [point(1, 100), point(2, 800)]],
    ["gold-coin", [point(2, 100)]],
    ["euro-coin", [point(2, 50)]],
    ["float-coin", [point(2, 50), point(40, 0)]],
  ]);
  expect(nonUsdShares([listed, gold, euro, floating], supplies)).toEqual([
    { date: DAY, commodityShare: 0, fiatNonUsdShare: 0, commodity: 0, fiatNonUsd: 0, total: 100 },
    { date: 2 * DAY, commodityShare: 10, fiatNonUsdShare: 5, commodity: 100, fiatNonUsd: 50, total: 1_000 },
  ]);
});
