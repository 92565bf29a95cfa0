/** Names beside dots without overlap: next to the dot where it is free, else above or below the swarm with a leader. */
import { bps } from "../lib/format.ts";
import type { Placed } from "./place-dots.ts";
import { short } from "./svg.ts";

export interface Label {
  dot: Placed;
  /** Middle of the text, and its baseline. */
  x: number;
  y: number;
  /** Path from dot to text when the text is not next to it. */
  leader: string | null;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

interface Area {
  fontPx: number;
  width: number;
  top: number;
  bottom: number;
  /** Where the plumb line hangs; no name may cross it. */
  ruleX: number;
}

const overlaps = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function boxOf({ x, y, radius }: Placed): Box {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

/** Places to try, best first: outward, inward, then ever further above and below. */
function* candidates(
  dot: Placed,
  textWidth: number,
  { fontPx, width, top, bottom }: Area,
): Generator<{ x: number; y: number }> {
  const outward = dot.coin.deviationBps < 0 ? -1 : 1;
  for (const direction of [outward, -outward])
    yield { x: dot.x + direction * (dot.radius + 5 + textWidth / 2), y: dot.y + fontPx * 0.35 };
  const x = Math.min(width - textWidth / 2 - 2, Math.max(textWidth / 2 + 2, dot.x));
  for (let lift = dot.radius + fontPx * 0.9; lift < bottom - top; lift += fontPx * 0.5)
    for (const side of [-1, 1])
      for (const shift of [0, outward, -outward])
        yield { x: x + shift * textWidth * 0.45, y: dot.y + side * lift + fontPx * 0.35 };
}

/** `all` are the dots to keep clear of; a name that fits nowhere is left out. */
export function placeLabels(named: readonly Placed[], all: readonly Placed[], area: Area): Label[] {
  const { fontPx, width, top, bottom } = area;
  const rule = { left: area.ruleX - 2, right: area.ruleX + 2, top: 0, bottom };
  const taken: Box[] = [...all.map(boxOf), rule];
  const labels: Label[] = [];
  for (const dot of named) {
    const textWidth = `${dot.coin.symbol} ${bps(dot.coin.deviationBps)}`.length * fontPx * 0.62;
    for (const { x, y } of candidates(dot, textWidth, area)) {
      const box = {
        left: x - textWidth / 2 - 3,
        right: x + textWidth / 2 + 3,
        top: y - fontPx,
        bottom: y + fontPx * 0.35,
      };
      if (box.left < 0 || box.right > width || box.top < top - 4 || box.bottom > bottom - 2) continue;
      if (taken.some((other) => overlaps(box, other))) continue;
      taken.push(box);
      const isAbove = box.bottom < dot.y - dot.radius - fontPx;
      const isBelow = box.top > dot.y + dot.radius + fontPx;
      const edge = isAbove ? box.bottom : box.top + 2;
      const start = dot.y + (isAbove ? -dot.radius : dot.radius);
      const endX = Math.min(box.right - 5, Math.max(box.left + 5, dot.x));
      labels.push({
        dot,
        x,
        y,
        leader: isAbove || isBelow ? `M${short(dot.x)} ${short(start)}L${short(endX)} ${short(edge)}` : null,
      });
      break;
    }
  }
  return labels;
}
