/**
 * The plumb-line picture: every coin hangs left or right of the vertical rule that is its peg, on a symmetric log axis of basis
 * points, sized by supply; the furthest and the largest are named. Small dots share one path a size, so that hundreds cost little.
 */
import { scaleSymlog } from "d3-scale";
import { bps } from "../lib/format.ts";
import { type Placed, placeDots } from "./place-dots.ts";
import { placeLabels } from "./place-labels.ts";
import { escapeText, short } from "./svg.ts";

export interface PlumbCoin {
  id: string;
  symbol: string;
  deviationBps: number;
  /** Null: not known; drawn smallest. */
  supplyUsd: number | null;
}

export interface PlumbOptions {
  width: number;
  height: number;
  /** How many are named on each side, and how many of the largest. */
  named: { worst: number; largest: number };
  fontPx: number;
  coinHref: (id: string) => string;
}

const FOOT = 46;
const HEAD = 24;

/** Half width of the axis: the power of ten that holds the worst coin, at least 100 bps. */
export function plumbLimit(coins: readonly PlumbCoin[]): number {
  const worst = coins.reduce((max, coin) => Math.max(max, Math.abs(coin.deviationBps)), 0);
  return Math.max(100, 10 ** Math.ceil(Math.log10(Math.max(1, worst)) - 1e-9));
}

/** The furthest coins below and above, worst first. */
export function furthest(coins: readonly PlumbCoin[], side: "below" | "above", n: number): PlumbCoin[] {
  const sign = side === "below" ? -1 : 1;
  return coins
    .filter((coin) => coin.deviationBps * sign > 0)
    .sort((a, b) => (b.deviationBps - a.deviationBps) * sign || (a.id < b.id ? -1 : 1))
    .slice(0, n);
}

/** A phone has room for two ticks a side: the outermost, and the one two (or one) powers of ten inside it. */
function isNarrowTick(size: number, limit: number): boolean {
  return size === limit || size === limit / (limit > 1000 ? 100 : 10);
}

function axisTicks(limit: number): number[] {
  const out = [0];
  for (let value = 1; value <= limit; value *= 10) out.push(value, -value);
  return out.sort((a, b) => a - b);
}

function dotsSvg(placed: readonly Placed[]): string {
  const groups = new Map<string, string[]>();
  for (const { coin, x, y, radius } of placed) {
    const side = coin.deviationBps < 0 ? "below" : coin.deviationBps > 0 ? "above" : "on";
    const key = `${side}|${radius}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(`M${short(x)} ${short(y)}h0`);
  }
  return [...groups]
    .map(([key, moves]) => {
      const [side, radius] = key.split("|");
      return `<path class="${side}" stroke-width="${short(Number(radius) * 2)}" d="${moves.join("")}"/>`;
    })
    .join("");
}

/** The picture as SVG text; empty without coins. */
export function plumbLine(all: readonly PlumbCoin[], options: PlumbOptions): string {
  const coins = all.filter((coin) => Number.isFinite(coin.deviationBps));
  if (coins.length === 0) return "";
  const { width, height, fontPx } = options;
  const limit = plumbLimit(coins);
  const x = scaleSymlog()
    .constant(1)
    .domain([-limit, limit])
    .range([fontPx * 1.6, width - fontPx * 1.6]);
  const plot = { top: HEAD, bottom: height - FOOT };
  const placed = placeDots(coins, { x, ...plot, width });
  const byId = new Map(placed.map((dot) => [dot.coin.id, dot]));
  const largest = [...coins].sort((a, b) => (b.supplyUsd ?? 0) - (a.supplyUsd ?? 0)).slice(0, options.named.largest);
  const worst = [...furthest(coins, "below", options.named.worst), ...furthest(coins, "above", options.named.worst)];
  const named = [...new Set([...largest, ...worst])].flatMap((coin) => byId.get(coin.id) ?? []);
  const labels = placeLabels(named, placed, { fontPx, width, ruleX: x(0), ...plot });
  const ticks = axisTicks(limit);
  const grid = ticks
    .filter((tick) => tick !== 0)
    .map((tick) => `M${short(x(tick))} ${plot.top}V${plot.bottom + 5}`)
    .join("");
  const tickTexts = ticks
    .filter((tick) => tick === 0 || width > 600 || isNarrowTick(Math.abs(tick), limit))
    .map((tick) => {
      const text = tick === 0 ? "peg" : bps(tick).replace(".0", "");
      const anchor =
        tick === -limit
          ? ' class="start" dx="-12"'
          : tick === limit
            ? ' class="end" dx="12"'
            : tick === 0
              ? ' class="start" dx="8"'
              : "";
      return `<text x="${short(x(tick))}" y="${plot.bottom + 20}"${anchor}>${text}</text>`;
    });
  const zero = x(0);
  const names = labels.map(
    ({ dot, x: textX, y: textY }) =>
      `<a href="${escapeText(options.coinHref(dot.coin.id))}"><text class="name" x="${short(textX)}" y="${short(textY)}">${escapeText(dot.coin.symbol)} <tspan>${bps(dot.coin.deviationBps)}</tspan></text></a>`,
  );
  const leaders = labels.flatMap(({ leader }) => (leader ? [leader] : [])).join("");
  return `<svg class="plumb" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-size="${fontPx}"><path class="grid" d="${grid}"/><path class="axis" d="M0 ${plot.bottom}H${width}"/><path class="rule" d="M${short(zero)} 4V${plot.bottom + 26}"/><path class="bob" d="M${short(zero - 7)} ${plot.bottom + 25}h14l-7 17z"/><g class="dots">${dotsSvg(placed)}</g><path class="leader" d="${leaders}"/><g class="ticks">${tickTexts.join("")}</g><text class="side start" x="4" y="14">below peg</text><text x="${width - 4}" y="14" class="side end">above peg</text><text class="unit end" x="${width - 4}" y="${height - 6}">basis points from peg, log</text>${names.join("")}</svg>`;
}
