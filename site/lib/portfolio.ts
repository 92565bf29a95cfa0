/**
 * Holdings and what they hang on: their worth, their makers, chains and upstream coins, and what could leave today.
 *
 * What is not known stays not known: a coin without a price has no worth and is in no sum, and every sum says how much it leaves out.
 */
import type { CoinProfile } from "../api/profiles.ts";
import { type ExitAnswer, exitFor } from "./exits.ts";

export interface Holding {
  id: string;
  tokens: number;
  /** Chain the holder named; null: not said. */
  chain: string | null;
}

/** "usdc-circle=1000&dai-makerdao=50.5@Ethereum" and back. Nonsense is left out; of one coin and chain the amounts add up. */
export function holdingsFrom(text: string): Holding[] {
  const found = new Map<string, Holding>();
  for (const [id, value] of new URLSearchParams(text.replace(/^#/, ""))) {
    const [amount = "", chain] = value.split("@");
    const tokens = Number(amount.replace(/,/g, ""));
    if (!/^[a-z0-9-]+$/.test(id) || !Number.isFinite(tokens) || tokens <= 0) continue;
    const key = `${id}@${chain ?? ""}`;
    found.set(key, { id, tokens: (found.get(key)?.tokens ?? 0) + tokens, chain: chain || null });
  }
  return [...found.values()];
}

export function holdingsText(holdings: readonly Holding[]): string {
  const params = new URLSearchParams();
  for (const { id, tokens, chain } of holdings) params.append(id, chain ? `${tokens}@${chain}` : String(tokens));
  return params.toString();
}

export interface HeldCoin {
  holding: Holding;
  /** Null: the record does not know the coin. */
  coin: CoinProfile | null;
  valueUsd: number | null;
  /** Null where the value or the route is not known. */
  exit: ExitAnswer | null;
}

export interface Share {
  name: string;
  usd: number;
}

export interface Portfolio {
  rows: HeldCoin[];
  /** Of the holdings whose price is known. */
  totalUsd: number;
  /** Coins held whose worth is not known. */
  unpriced: string[];
  makers: Share[];
  /** By the chain the holder named; "not said" for the rest. */
  chains: Share[];
  /** By the coin a holding stands on in the end, as far as that is on file. */
  upstreams: Share[];
  grades: Share[];
  /** What redemption lets out today on reviewed or live evidence, each shared pool counted once. */
  outNowUsd: number;
  /** The same where only a rule of thumb says so: no coverage. */
  outByRuleUsd: number;
  /** Worth of the holdings of whose exit today nothing is known. */
  exitUnknownUsd: number;
}

export const NOT_SAID = "not said";

function shares(entries: readonly (readonly [string, number])[]): Share[] {
  const sums = new Map<string, number>();
  for (const [name, usd] of entries) sums.set(name, (sums.get(name) ?? 0) + usd);
  return [...sums].map(([name, usd]) => ({ name, usd })).sort((a, b) => b.usd - a.usd || (a.name < b.name ? -1 : 1));
}

/** Worth split over what it stands on; a coin with nothing on file below it stands on itself. */
function lookThrough(
  id: string,
  usd: number,
  byId: ReadonlyMap<string, CoinProfile>,
  above: readonly string[] = [],
): [string, number][] {
  const edges = (byId.get(id)?.dependencies ?? []).filter((edge) => edge.id !== id && !above.includes(edge.id));
  const total = edges.reduce((sum, { weight }) => sum + weight, 0);
  const scale = Math.max(1, total);
  const below = edges.flatMap((edge) => lookThrough(edge.id, (usd * edge.weight) / scale, byId, [...above, id]));
  const own = usd * (1 - Math.min(1, total));
  return own > 0 ? [...below, [id, own]] : below;
}

/** What leaves today over all holdings: coins of one pool draw on it together. */
function outNow(rows: readonly HeldCoin[], isCovered: boolean): number {
  const byPool = Map.groupBy(
    rows.filter(({ coin, exit }) => exit !== null && (coin?.exit?.coverage === "covered") === isCovered),
    ({ coin }) => coin?.exit?.poolId ?? coin?.id ?? "",
  );
  return [...byPool.values()].reduce((sum, own) => {
    const wanted = own.reduce((usd, { exit }) => usd + (exit?.nowUsd ?? 0), 0);
    const pool = Math.max(...own.map(({ coin }) => coin?.exit?.nowUsd ?? 0));
    return sum + Math.min(wanted, pool);
  }, 0);
}

export function portfolioOf(holdings: readonly Holding[], coins: readonly CoinProfile[]): Portfolio {
  const byId = new Map(coins.map((coin) => [coin.id, coin]));
  const rows = holdings.map((holding): HeldCoin => {
    const coin = byId.get(holding.id) ?? null;
    const valueUsd = coin?.priceUsd == null ? null : holding.tokens * coin.priceUsd;
    const exit = coin?.exit && valueUsd !== null ? exitFor(coin.exit, valueUsd) : null;
    return { holding, coin, valueUsd, exit };
  });
  const priced = rows.filter((row): row is HeldCoin & { coin: CoinProfile; valueUsd: number } => row.valueUsd !== null);
  const by = (name: (row: (typeof priced)[number]) => string) =>
    shares(priced.map((row) => [name(row), row.valueUsd] as const));
  return {
    rows,
    totalUsd: priced.reduce((sum, { valueUsd }) => sum + valueUsd, 0),
    unpriced: rows.filter(({ valueUsd }) => valueUsd === null).map(({ holding }) => holding.id),
    makers: by(({ coin }) => coin.maker),
    chains: by(({ holding }) => holding.chain ?? NOT_SAID),
    upstreams: shares(priced.flatMap(({ coin, valueUsd }) => lookThrough(coin.id, valueUsd, byId))),
    grades: by(({ coin }) => coin.grade ?? "NR"),
    outNowUsd: outNow(rows, true),
    outByRuleUsd: outNow(rows, false),
    exitUnknownUsd: priced
      .filter(({ exit }) => exit === null || exit.nowUsd === null)
      .reduce((sum, { valueUsd }) => sum + valueUsd, 0),
  };
}
