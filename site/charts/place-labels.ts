/** Names beside dots without overlap: the first free of a few places near the dot, else a place further off with a leader. */
import { bps } from "../lib/format.ts";
import type { Placed } from "./place-dots.ts";
import { short } from "./svg.ts";

export interface Label {
  dot: Placed;
  x: number;
  y: number;
  anchor: "start" | "middle" | "end";
  /** Path from dot to text when the text is not next to it. */
  leader: string | null;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const overlaps = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

export function placeLabels(
  dots: readonly Placed[],
  area: { fontPx: number; width: number; top: number; bottom: number },
): Label[] {
  const { fontPx, width, top, bottom } = area;
  const taken: Box[] = dots
    .filter((dot) => dot.radius > 5)
    .map(({ x, y, radius }) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }));
  const labels: Label[] = [];
  for (const dot of dots) {
    const textWidth = `${dot.coin.symbol} ${bps(dot.coin.deviationBps)}`.length * fontPx * 0.6;
    const outward = dot.coin.deviationBps < 0 ? -1 : 1;
    let chosen: Label | null = null;
    for (let lift = 0; !chosen && lift < (bottom - top) / 2; lift += fontPx * 0.6) {
      for (const side of [-1, 1]) {
        const y = dot.y + (lift === 0 ? fontPx * 0.35 : side * (dot.radius + fontPx * 0.5 + lift) + fontPx * 0.35);
        for (const direction of lift === 0 ? [outward, -outward] : [0]) {
          const x = Math.min(
            width - textWidth / 2 - 2,
            Math.max(textWidth / 2 + 2, dot.x + direction * (dot.radius + 5 + textWidth / 2)),
          );
          if (direction !== 0 && Math.abs(x - dot.x) < dot.radius + textWidth / 2 + 3) continue;
          const box = {
            left: x - textWidth / 2 - 2,
            right: x + textWidth / 2 + 2,
            top: y - fontPx,
            bottom: y + fontPx * 0.3,
          };
          if (box.top < top - 6 || box.bottom > bottom - 2 || taken.some((other) => overlaps(box, other))) continue;
          taken.push(box);
          const far = lift > fontPx * 1.3;
          const leader = far
            ? `M${short(dot.x)} ${short(dot.y + side * dot.radius)}L${short(Math.min(box.right - 4, Math.max(box.left + 4, dot.x)))} ${short(side < 0 ? box.bottom : box.top + 2)}`
            : null;
          chosen = { dot, x, y, anchor: "middle", leader };
          break;
        }
        if (chosen) break;
      }
    }
    if (chosen) labels.push(chosen);
  }
  return labels;
}
