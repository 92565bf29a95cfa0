/** Depegs of the last weeks as a grid: a row a coin, a column a day, darker the farther; direction is a mark and not a colour alone. */
import type { DepegEvent } from "../../pipeline/schema/depegs.ts";

const DAY = 86_400;
const CELL = 10;
const LABEL = 88;
const LEVELS = [100, 250, 500, 1_000, 2_500] as const;

export interface HeatRow {
  coinId: string;
  symbol: string;
  days: number[];
}

/** Worst signed deviation of each coin and day, coins with the most days first. */
export function heatRows(events: readonly DepegEvent[], nowSec: number, days: number): HeatRow[] {
  const first = Math.floor(nowSec / DAY) - days + 1;
  const rows = new Map<string, HeatRow>();
  for (const event of events) {
    const from = Math.max(first, Math.floor(event.startedAt / DAY));
    const to = Math.floor((event.endedAt ?? nowSec) / DAY);
    if (to < first) continue;
    const row = rows.get(event.stablecoinId) ?? {
      coinId: event.stablecoinId,
      symbol: event.symbol,
      days: Array.from({ length: days }, () => 0),
    };
    rows.set(event.stablecoinId, row);
    for (let day = from; day <= to; day++) {
      const worst = row.days[day - first] ?? 0;
      if (Math.abs(event.peakDeviationBps) > Math.abs(worst)) row.days[day - first] = event.peakDeviationBps;
    }
  }
  const hit = (row: HeatRow) => row.days.filter((bps) => bps !== 0).length;
  return [...rows.values()].sort((a, b) => hit(b) - hit(a) || (a.symbol < b.symbol ? -1 : 1));
}

function level(bps: number): number {
  return LEVELS.filter((bound) => Math.abs(bps) >= bound).length;
}

export function heatmapSvg(rows: readonly HeatRow[], days: number, symbolOf: (text: string) => string): string {
  const width = LABEL + days * CELL;
  const height = rows.length * (CELL + 4) + 4;
  const lines = rows.map((row, y) => {
    const top = y * (CELL + 4) + 2;
    const cells = row.days
      .map((bps, x) => {
        const kind = bps === 0 ? "none" : bps < 0 ? "below" : "above";
        const mark = bps > 0 ? `<path class="mark" d="M${LABEL + x * CELL + 2} ${top + 7}h5"/>` : "";
        return `<rect class="heat ${kind} l${level(bps)}" x="${LABEL + x * CELL}" y="${top}" width="${CELL - 1}" height="${CELL}"/>${mark}`;
      })
      .join("");
    return `<text x="0" y="${top + CELL - 1}">${symbolOf(row.symbol)}</text>${cells}`;
  });
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true" focusable="false" class="heatmap">${lines.join("")}</svg>`;
}
