/**
 * A line over time as an SVG that stretches, with its tick labels as plain text around it, so that it reads at any width.
 *
 * Only the plot is SVG (strokes keep their width when it stretches); labels stand at even distances beside it. Gaps stay gaps.
 */
import { scaleLinear } from "d3-scale";
import { type Point, pieces, short, usualGapSec } from "./svg.ts";

const WIDTH = 600;
const HEIGHT = 200;

export interface LineChartOptions {
  points: readonly Point[];
  /** Drawn as the peg; null: none. */
  reference: number | null;
  /** Window drawn, unix seconds; points outside are left out. */
  from: number;
  to: number;
  /** Smallest span of the y axis, so that noise does not look like a storm. */
  minSpan: number;
  /** A value holds until the next (step) or changes in between (line). */
  kind: "step" | "line";
  /** A silence shorter than this is never a gap. */
  minGapSec: number;
}

export interface LineChart {
  svg: string;
  /** Top to bottom, evenly spaced. */
  yTicks: number[];
  /** Left to right, evenly spaced, unix seconds. */
  xTicks: number[];
  lowest: number;
  highest: number;
  first: { at: number; value: number };
  last: { at: number; value: number };
  gaps: number;
}

/** Domain of even ticks around the values: [bottom, top, step]. */
function niceDomain(low: number, high: number, minSpan: number): { bottom: number; top: number; ticks: number[] } {
  const middle = (low + high) / 2;
  const span = Math.max(high - low, minSpan, Math.abs(middle) * 1e-9, Number.MIN_VALUE * 1e20);
  const scale = scaleLinear()
    .domain([middle - span * 0.54, middle + span * 0.54])
    .nice(4);
  const [bottom = low, top = high] = scale.domain();
  const ticks = scale.ticks(4);
  return { bottom, top, ticks: ticks.length >= 2 ? ticks : [bottom, top] };
}

/** Null when there is nothing to draw. */
export function lineChart(options: LineChartOptions): LineChart | null {
  const { from, to, reference, kind } = options;
  const inWindow = options.points.filter(({ at }) => at >= from && at <= to);
  const parts = pieces(inWindow, Math.max(options.minGapSec, usualGapSec(inWindow)));
  const drawn = parts.flat();
  const first = drawn[0];
  const last = drawn.at(-1);
  if (!first || !last || !(to > from)) return null;
  let lowest = first.value;
  let highest = first.value;
  for (const { value } of drawn) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  const isReference = reference !== null && Number.isFinite(reference);
  const { bottom, top, ticks } = niceDomain(
    isReference ? Math.min(lowest, reference) : lowest,
    isReference ? Math.max(highest, reference) : highest,
    options.minSpan,
  );
  const x = scaleLinear().domain([from, to]).range([0, WIDTH]);
  const y = scaleLinear().domain([bottom, top]).range([HEIGHT, 0]);
  const paths = parts.flatMap((part) => {
    const head = part[0] as { at: number; value: number };
    let d = `M${short(x(head.at))} ${short(y(head.value))}`;
    if (part.length === 1) return [];
    for (const point of part.slice(1))
      d +=
        kind === "step"
          ? `H${short(x(point.at))}V${short(y(point.value))}`
          : `L${short(x(point.at))} ${short(y(point.value))}`;
    return d;
  });
  const lone = parts.flatMap(([head, more]) =>
    head && !more ? `M${short(x(head.at))} ${short(y(head.value))}h0` : [],
  );
  const grid = ticks.map((tick) => `M0 ${short(y(tick))}H${WIDTH}`).join("");
  const peg = isReference ? `<path class="peg" d="M0 ${short(y(reference))}H${WIDTH}"/>` : "";
  const svg = `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true" focusable="false"><path class="grid" d="${grid}"/>${peg}<path class="line" d="${paths.join("")}"/><path class="lone" d="${lone.join("")}"/><path class="dot" d="M${short(x(last.at))} ${short(y(last.value))}h0"/></svg>`;
  const xTicks = [0, 0.25, 0.5, 0.75, 1].map((share) => from + share * (to - from));
  return { svg, yTicks: [...ticks].reverse(), xTicks, lowest, highest, first, last, gaps: parts.length - 1 };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A time as an axis wants it: hours in a day's window, days in a year's, months beyond. UTC. */
export function timeTick(unixSec: number, windowSec: number): string {
  const date = new Date(unixSec * 1000);
  if (windowSec <= 2 * 86_400) return date.toISOString().slice(11, 16);
  const month = MONTHS[date.getUTCMonth()] ?? "";
  return windowSec <= 370 * 86_400 ? `${date.getUTCDate()} ${month}` : `${month} ${date.getUTCFullYear()}`;
}
