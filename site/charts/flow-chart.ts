/**
 * Minted upwards, burned downwards, net as a line over both: one drawing of bars that stretches, its labels beside it.
 *
 * Hours are joined to about sixty bars; an hour without flow is a gap on the zero line, as nothing was seen then.
 */
import { scaleLinear } from "d3-scale";
import { short } from "./svg.ts";

const WIDTH = 600;
const HEIGHT = 200;
const BARS = 60;
const HOUR = 3600;

export interface FlowBar {
  from: number;
  mintUsd: number;
  burnUsd: number;
}

export interface FlowChart {
  svg: string;
  yTicks: number[];
  /** Left to right, unix seconds. */
  xTicks: number[];
  bars: FlowBar[];
}

/** Null when nothing flowed. */
export function flowChart(
  hours: readonly { hourTs: number; mintVolumeUsd: number; burnVolumeUsd: number }[],
  from: number,
  to: number,
): FlowChart | null {
  const step = Math.max(HOUR, Math.ceil((to - from) / BARS / HOUR) * HOUR);
  const start = Math.floor(from / HOUR) * HOUR;
  const bars: FlowBar[] = [];
  for (let at = start; at < to; at += step) bars.push({ from: at, mintUsd: 0, burnUsd: 0 });
  for (const { hourTs, mintVolumeUsd, burnVolumeUsd } of hours) {
    const bar = bars[Math.floor((hourTs - start) / step)];
    if (hourTs < start || bar === undefined) continue;
    bar.mintUsd += mintVolumeUsd;
    bar.burnUsd += burnVolumeUsd;
  }
  const highest = Math.max(...bars.map(({ mintUsd }) => mintUsd));
  const lowest = -Math.max(...bars.map(({ burnUsd }) => burnUsd));
  if (highest === 0 && lowest === 0) return null;
  const y = scaleLinear().domain([lowest, highest]).nice(4).range([HEIGHT, 0]);
  const x = scaleLinear()
    .domain([start, start + bars.length * step])
    .range([0, WIDTH]);
  const zero = y(0);
  const width = Math.max(1, WIDTH / bars.length - 1.5);
  const rect = (bar: FlowBar, top: number, bottom: number, kind: string) =>
    bottom - top < 0.05
      ? ""
      : `<rect class="${kind}" x="${short(x(bar.from))}" y="${short(top)}" width="${short(width)}" height="${short(bottom - top)}"/>`;
  const net = bars
    .map((bar, i) => `${i === 0 ? "M" : "L"}${short(x(bar.from) + width / 2)} ${short(y(bar.mintUsd - bar.burnUsd))}`)
    .join("");
  const body = bars.map((bar) => rect(bar, y(bar.mintUsd), zero, "mint") + rect(bar, zero, y(-bar.burnUsd), "burn"));
  return {
    svg: `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" class="flow-bars" aria-hidden="true">${body.join("")}<path class="ref" d="M0 ${short(zero)}H${WIDTH}"/><path class="net" d="${net}"/></svg>`,
    yTicks: y.ticks(4).reverse(),
    xTicks: [0, 1, 2, 3, 4].map((part) => start + (part / 4) * (to - start)),
    bars,
  };
}
