/** Where the dots of the plumb-line picture go: x is the deviation, y the nearest free place to the middle, largest first. */
import type { PlumbCoin } from "./plumb-line.ts";

export interface Placed {
  coin: PlumbCoin;
  x: number;
  y: number;
  radius: number;
}

/** Areas follow supply in nine steps: few sizes are few paths, and nobody reads a third decimal off a circle. */
const RADII = [2.5, 3.2, 4.2, 5.6, 8, 11, 16, 24, 36];

function radiusOf(supplyUsd: number | null, largestUsd: number, scale: number): number {
  const share = supplyUsd !== null && supplyUsd > 0 && largestUsd > 0 ? supplyUsd / largestUsd : 0;
  const wanted = 36 * Math.sqrt(Math.min(1, share));
  const fitting = RADII.filter((radius) => radius <= wanted).at(-1) ?? RADII[0] ?? 1;
  return fitting * scale;
}

export function placeDots(
  coins: readonly PlumbCoin[],
  area: { x: (bps: number) => number; top: number; bottom: number; width: number },
): Placed[] {
  const largestUsd = coins.reduce((max, coin) => Math.max(max, coin.supplyUsd ?? 0), 0);
  const scale = area.width < 600 ? 0.72 : 1;
  const middle = (area.top + area.bottom) / 2;
  const placed: Placed[] = [];
  const sized = coins
    .map((coin) => ({ coin, x: area.x(coin.deviationBps), radius: radiusOf(coin.supplyUsd, largestUsd, scale) }))
    .sort((a, b) => b.radius - a.radius || (a.coin.id < b.coin.id ? -1 : 1));
  for (const { coin, x, radius } of sized) {
    const near = placed.filter((dot) => Math.abs(dot.x - x) < dot.radius + radius + 0.6);
    const reach = (area.bottom - area.top) / 2 - radius - 2;
    let y = middle;
    for (let step = 0; step <= reach; step += 1.2) {
      const free = [middle - step, middle + step].find((candidate) =>
        near.every((dot) => (dot.x - x) ** 2 + (dot.y - candidate) ** 2 >= (dot.radius + radius + 0.6) ** 2),
      );
      y = free ?? (step + 1.2 > reach ? middle + (placed.length % 2 ? reach : -reach) : y);
      if (free !== undefined) break;
    }
    placed.push({ coin, x, y, radius });
  }
  return placed;
}
