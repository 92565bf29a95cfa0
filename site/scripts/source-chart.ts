/** The chart of every source over the last day, drawn when it is opened: its file is fetched then and not before. */
import { count, price } from "../lib/format.ts";
import type { QuotePoint, QuoteSeries } from "../lib/quote-history.ts";

const [WIDTH, HEIGHT] = [600, 200];
const SVG = "http://www.w3.org/2000/svg";

interface File {
  asOf: number;
  data: { fromSec: number; sources: QuoteSeries[] };
}

function element(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** A price holds until the next point; where the source fell silent the line stops. */
function pathOf(
  points: readonly QuotePoint[],
  x: (at: number) => number,
  y: (usd: number) => number,
  end: number,
): string {
  let d = "";
  let isDrawing = false;
  for (const { at, priceUsd } of points) {
    if (isDrawing) d += `H${x(at).toFixed(1)}`;
    if (priceUsd === null) isDrawing = false;
    else {
      d += `${isDrawing ? "V" : `M${x(at).toFixed(1)} `}${y(priceUsd).toFixed(1)}`;
      isDrawing = true;
    }
  }
  return isDrawing ? `${d}H${x(end).toFixed(1)}` : d;
}

function draw(box: HTMLElement, { asOf, data }: File): void {
  const values = data.sources.flatMap(({ points }) => points.flatMap(({ priceUsd }) => priceUsd ?? []));
  if (values.length === 0) {
    box.textContent = "No source has given a price in this time.";
    return;
  }
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(high - low, high * 0.0005) * 0.08;
  const from = Math.min(data.fromSec, asOf - 3_600);
  const x = (at: number) => ((at - from) / (asOf - from)) * WIDTH;
  const y = (usd: number) => HEIGHT - ((usd - low + room) / (high - low + 2 * room)) * HEIGHT;
  const svg = element("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": `Prices of ${data.sources.length} sources between ${price(low)} and ${price(high)} USD`,
  });
  const list = document.createElement("ul");
  for (const [index, { source, points }] of data.sources.entries()) {
    const path = element("path", { d: pathOf(points, x, y, asOf), class: `source s${index % 6}` });
    const item = document.createElement("li");
    const last = points.at(-1);
    item.className = `s${index % 6}`;
    item.tabIndex = 0;
    item.textContent = `${source}: ${last?.priceUsd == null ? "silent now" : `$${price(last.priceUsd)}, ${last.verdict}`}`;
    const mark = (isOn: boolean) => path.classList.toggle("marked", isOn);
    for (const name of ["pointerenter", "focus"]) item.addEventListener(name, () => mark(true));
    for (const name of ["pointerleave", "blur"]) item.addEventListener(name, () => mark(false));
    svg.append(path);
    list.append(item);
  }
  const hours = Math.max(1, Math.round((asOf - from) / 3_600));
  const caption = document.createElement("p");
  caption.className = "note";
  const time = data.fromSec === asOf ? "The last run alone is known here" : `The last ${count(hours, "hour")}`;
  caption.textContent = `${time}, from $${price(low)} to $${price(high)}. Each line is one source; point at a name to find its line.`;
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  canvas.append(svg);
  box.replaceChildren(canvas, caption, list);
}

for (const details of document.querySelectorAll<HTMLDetailsElement>("details.source-chart")) {
  const box = details.querySelector<HTMLElement>("[data-src]");
  details.addEventListener("toggle", async () => {
    if (!box || !details.open || box.dataset.state) return;
    box.dataset.state = "loading";
    try {
      const answer = await fetch(box.dataset.src ?? "");
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      draw(box, (await answer.json()) as File);
    } catch (error) {
      delete box.dataset.state;
      box.textContent = `The quotes could not be loaded (${error instanceof Error ? error.message : String(error)}). Close and open again to retry.`;
    }
  });
}
