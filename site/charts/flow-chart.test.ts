import { describe, expect, it } from "vitest";
import { flowChart } from "./flow-chart.ts";

const HOUR = 3600;
const hour = (hourTs: number, mintVolumeUsd: number, burnVolumeUsd: number) => ({
  hourTs,
  mintVolumeUsd,
  burnVolumeUsd,
});

describe("the flow chart", () => {
  it("has a bar an hour over a day, and none where nothing flowed", () => {
    const chart = flowChart([hour(0, 5, 0), hour(2 * HOUR, 0, 7)], 0, 24 * HOUR);
    expect(chart?.bars).toHaveLength(24);
    expect(chart?.svg.match(/class="mint"/g)).toHaveLength(1);
    expect(chart?.svg.match(/class="burn"/g)).toHaveLength(1);
  });

  it("joins hours over longer windows and loses no flow", () => {
    const hours = Array.from({ length: 720 }, (_, i) => hour(i * HOUR, i, 2));
    const chart = flowChart(hours, 0, 720 * HOUR);
    expect(chart?.bars.length).toBeLessThanOrEqual(60);
    expect(chart?.bars.reduce((sum, { mintUsd }) => sum + mintUsd, 0)).toBe((719 * 720) / 2);
    expect(chart?.bars.reduce((sum, { burnUsd }) => sum + burnUsd, 0)).toBe(1440);
  });

  it("is nothing without flow", () => expect(flowChart([], 0, 24 * HOUR)).toBeNull());
});
