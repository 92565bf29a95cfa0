/** The coins' profiles from our own API, read once a page, and a field that finds a coin among them. */
import type { CoinProfile } from "../api/profiles.ts";
import { element } from "./dom.ts";

let loading: Promise<CoinProfile[]> | undefined;

/** `root` carries the address of profiles.json. Throws where it cannot be read; the page then keeps its text. */
export function loadProfiles(root: HTMLElement): Promise<CoinProfile[]> {
  loading ??= fetch(root.dataset.profiles ?? "").then(async (answer) => {
    if (!answer.ok) throw new Error(`${answer.status}`);
    return ((await answer.json()) as { data: { coins: CoinProfile[] } }).data.coins;
  });
  return loading;
}

export function fillList(list: HTMLElement | null, options: readonly (readonly [value: string, label: string])[]) {
  list?.replaceChildren(...options.map(([value, label]) => element("option", { value, label }, label)));
}

export function coinOptions(coins: readonly CoinProfile[]): [string, string][] {
  return coins.map(({ id, symbol, name }) => [id, `${symbol} ${name}`]);
}

/** The coin a reader means: its id, else the largest of that ticker. */
export function findCoin(coins: readonly CoinProfile[], text: string): CoinProfile | null {
  const wanted = text.trim().toLowerCase();
  const exact = coins.find(({ id }) => id === wanted);
  if (exact || wanted === "") return exact ?? null;
  const named = coins.filter(({ symbol }) => symbol.toLowerCase() === wanted);
  return named.sort((a, b) => (b.supplyUsd ?? 0) - (a.supplyUsd ?? 0))[0] ?? null;
}

/** Link to a coin's page, below the site's base path. */
export function coinLink(root: HTMLElement, { id, symbol }: Pick<CoinProfile, "id" | "symbol">): HTMLElement {
  return element("a", { href: `${root.dataset.base ?? ""}/coin/${id}/` }, symbol);
}

export function say(root: HTMLElement, text: string): void {
  const place = root.querySelector("[data-say]");
  if (place) place.textContent = text;
}

/** Starts an interactive part: shows its controls once the profiles are there, and says so where they are not. */
export async function withProfiles(selector: string, start: (root: HTMLElement, coins: CoinProfile[]) => void) {
  const root = document.querySelector<HTMLElement>(selector);
  if (!root) return;
  try {
    const coins = await loadProfiles(root);
    root.hidden = false;
    start(root, coins);
  } catch {
    root.hidden = false;
    say(root, "The coins could not be loaded. Nothing is shown rather than something old; try again later.");
  }
}
