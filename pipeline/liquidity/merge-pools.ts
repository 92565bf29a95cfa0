/**
 * One physical pool, one row: the same pool told by two sources counts once.
 *
 * The exact address decides first; without it chain, venue, tokens and fee, and only where that describes one pool on both
 * sides: two pools that look alike stay two.
 */
import { familyOf, type Pool } from "./pool.ts";

function description(pool: Pool): string {
  const tokens = pool.tokens.map(({ coinId, address, symbol }) => coinId ?? address ?? symbol.toLowerCase()).sort();
  return `${pool.chain}|${familyOf(pool.protocol)}|${tokens.join(",")}`;
}

function sameFee(a: Pool, b: Pool): boolean {
  return a.feeBps === null || b.feeBps === null || a.feeBps === b.feeBps;
}

/** `first` is the better source for size and volume; `second` fills what it does not know. */
function joined(first: Pool, second: Pool): Pool {
  return {
    ...first,
    alsoFrom: [...first.alsoFrom, second.source],
    address: first.address ?? second.address,
    id: first.address ?? second.address ?? first.id,
    coinIds: second.source === "curve-api" ? second.coinIds : first.coinIds,
    tvlUsd: second.source === "curve-api" ? second.tvlUsd : first.tvlUsd,
    volume24hUsd: first.volume24hUsd ?? second.volume24hUsd,
    volume7dUsd: first.volume7dUsd ?? second.volume7dUsd,
    kind: second.source === "curve-api" || first.kind === "unknown" ? second.kind : first.kind,
    feeBps: first.feeBps ?? second.feeBps,
    amplification: first.amplification ?? second.amplification,
    balanceRatio: first.balanceRatio ?? second.balanceRatio,
    organic: first.organic ?? second.organic,
    ageDays: maxKnown(first.ageDays, second.ageDays),
    prices: { ...second.prices, ...first.prices },
  };
}

function maxKnown(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

function uniqueBy(pools: readonly Pool[], keyOf: (pool: Pool) => string): Map<string, Pool | null> {
  const index = new Map<string, Pool | null>();
  for (const pool of pools) index.set(keyOf(pool), index.has(keyOf(pool)) ? null : pool);
  return index;
}

function mergeTwo(known: readonly Pool[], more: readonly Pool[]): Pool[] {
  const byAddress = new Map(known.flatMap((pool) => (pool.address ? [[`${pool.chain}/${pool.address}`, pool]] : [])));
  const knownBy = uniqueBy(known, description);
  const moreBy = uniqueBy(more, description);
  const partner = new Map<Pool, Pool>();
  const added: Pool[] = [];
  for (const pool of more) {
    const exact = pool.address ? byAddress.get(`${pool.chain}/${pool.address}`) : undefined;
    const alike = moreBy.get(description(pool)) ? knownBy.get(description(pool)) : undefined;
    const match = exact ?? (alike && !(alike.address && pool.address) && sameFee(alike, pool) ? alike : undefined);
    if (match && !partner.has(match)) partner.set(match, pool);
    else if (!exact) added.push(pool);
  }
  return [...known.map((pool) => (partner.has(pool) ? joined(pool, partner.get(pool) as Pool) : pool)), ...added];
}

/** Sources in order of trust for size and volume. */
export function mergePools(bySource: readonly (readonly Pool[])[]): Pool[] {
  return bySource.reduce<Pool[]>((known, more) => mergeTwo(known, more), []);
}
