import { describe, expect, it } from "vitest";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import { chartRows } from "./chart-rows.ts";
import { supplyHistoryRows } from "./supply-history-rows.ts";

const DAY = 86_400;

function asset(id: string, usd: number | null, more: Partial<PeggedAsset> = {}): PeggedAsset {
  return {
    id,
    state: "active",
    pegType: "peggedUSD",
    price: 1,
    supplyReason: usd === null ? "not-in-list" : null,
    circulating: usd === null ? null : { peggedUSD: usd },
    ...more,
  } as PeggedAsset;
}

describe("the supply rows of a day", () => {
  it("are written when 80 % of the listed coins have a supply, zero supply included", () => {
    const day = supplyHistoryRows(
      [asset("a-a", 5), asset("b-b", 0), asset("c-c", 1), asset("d-d", 1), asset("e-e", null)],
      10 * DAY,
    );
    expect(day).toMatchObject({ eligible: 5, usable: 4, blocked: false });
    expect(day.rows[0]).toEqual({ date: 10 * DAY, coinId: "a-a", circulatingUsd: 5, priceUsd: 1 });
  });

  it("are left out below 80 %: a bad morning is a gap", () => {
    const day = supplyHistoryRows([asset("a-a", 5), asset("b-b", 1), asset("c-c", 1), asset("d-d", null)], 0);
    expect(day).toMatchObject({ blocked: true, rows: [] });
  });

  it("do not wait for dead coins nor for coins that nobody lists", () => {
    const day = supplyHistoryRows(
      [
        asset("a-a", 5),
        asset("b-b", null, { state: "dead" }),
        asset("c-c", null, { supplyReason: "no-supply-source-yet" }),
      ],
      0,
    );
    expect(day).toMatchObject({ eligible: 1, usable: 1, blocked: false });
  });

  it("of no coin at all are no day", () => expect(supplyHistoryRows([], 0).blocked).toBe(true));
});

describe("chart rows", () => {
  const points = [1, 2, 3].map((day) => ({
    date: day * DAY + 60,
    circulatingUsd: day,
    byPegType: { peggedUSD: day * 1000.4, peggedEUR: day },
  }));

  it("are the completed days that the history does not hold, one a peg", () => {
    expect(
      chartRows(points, null, 3 * DAY).rows.map((row) => [row.date / DAY, row.pegType, row.circulatingUsd]),
    ).toEqual([
      [1, "peggedUSD", 1000],
      [1, "peggedEUR", 1],
      [2, "peggedUSD", 2001],
      [2, "peggedEUR", 2],
    ]);
    expect(chartRows(points, DAY, 3 * DAY).rows.every((row) => row.date === 2 * DAY)).toBe(true);
    expect(chartRows(points, 2 * DAY, 3 * DAY)).toEqual({ rows: [], reasons: [] });
  });

  it("leave out what cannot be a market cap, and say so", () => {
    const odd = [-1, Number.NaN, 1e300, 5].map((usd, n) => ({
      date: n * DAY,
      circulatingUsd: usd,
      byPegType: { X: usd },
    }));
    const { rows, reasons } = chartRows(odd, null, 4 * DAY);
    expect(rows.map(({ circulatingUsd }) => circulatingUsd)).toEqual([5]);
    expect(reasons).toEqual([
      expect.objectContaining({ code: "charts-out-of-bounds", message: expect.stringMatching(/^3 /) }),
    ]);
  });

  it("of a chart that ended, or lies in the future, are no news", () => {
    expect(chartRows(points, null, 7 * DAY).reasons).toEqual([expect.objectContaining({ code: "charts-stale" })]);
    expect(chartRows(points, null, 6 * DAY).reasons).toEqual([]);
    expect(chartRows(points, null, 0)).toMatchObject({ rows: [], reasons: [{ code: "charts-stale" }] });
    expect(chartRows([], null, DAY)).toEqual({ rows: [], reasons: [] });
  });
});
