import { describe, expect, it } from "vitest";
import type { DepegEvent } from "../../pipeline/schema/depegs.ts";
import { heatmapSvg, heatRows } from "../charts/heatmap.ts";
import { endText, episodesOf } from "./episodes.ts";

const DAY = 86_400;
const event = (id: number, more: Partial<DepegEvent>): DepegEvent =>
  ({
    id,
    stablecoinId: "a",
    symbol: "A",
    direction: "below",
    startedAt: 10 * DAY,
    endedAt: 10 * DAY + 900,
    peakDeviationBps: -150,
    endReason: "recovered",
    episodeId: "a-below-1",
    ...more,
  }) as DepegEvent;

describe("episodes", () => {
  it("tell several events as one, with the worst peak, the first start and the last end", () => {
    const events = [
      event(2, { startedAt: 10 * DAY + 7200, endedAt: 10 * DAY + 9000, peakDeviationBps: -900 }),
      event(1, {}),
      event(3, {
        stablecoinId: "b",
        symbol: "B",
        episodeId: "b-above-2",
        startedAt: 12 * DAY,
        endedAt: null,
        peakDeviationBps: 200,
        direction: "above",
      }),
    ];
    expect(episodesOf(events)).toMatchObject([
      { coinId: "b", endedAt: null, events: 1 },
      { coinId: "a", startedAt: 10 * DAY, endedAt: 10 * DAY + 9000, peakDeviationBps: -900, events: 2 },
    ]);
    expect(episodesOf([])).toEqual([]);
  });

  it("say of an end that nobody saw that nobody saw it", () => {
    expect(endText({ endedAt: null, endReason: null })).toBe("still open");
    expect(endText({ endedAt: 1, endReason: "recovered" })).toBe("back at its peg");
    expect(endText({ endedAt: 1, endReason: "no-price" })).toBe("ended, not observed (no-price)");
  });
});

describe("the heatmap", () => {
  it("marks every day an event touched, with the worst of the day, and nothing before its window", () => {
    const now = 12 * DAY + 3600;
    const [row] = heatRows(
      [
        event(1, { startedAt: 10 * DAY - 60, endedAt: 11 * DAY + 60 }),
        event(2, { startedAt: 11 * DAY + 100, peakDeviationBps: -700, endedAt: 11 * DAY + 200 }),
      ],
      now,
      4,
    );
    expect(row?.days).toEqual([-150, -150, -700, 0]);
    expect(heatRows([event(1, {})], 100 * DAY, 4)).toEqual([]);
    const [open] = heatRows([event(1, { startedAt: 11 * DAY, endedAt: null })], now, 4);
    expect(open?.days).toEqual([0, 0, -150, -150]);
  });

  it("draws direction as a mark, not as a colour alone", () => {
    const rows = heatRows(
      [event(1, { startedAt: 12 * DAY, endedAt: null, direction: "above", peakDeviationBps: 300 })],
      12 * DAY + 60,
      2,
    );
    const svg = heatmapSvg(rows, 2, (text) => text);
    expect(svg.match(/class="mark"/g)).toHaveLength(1);
    expect(svg.match(/<rect/g)).toHaveLength(2);
    expect(svg).not.toContain("style=");
  });
});
