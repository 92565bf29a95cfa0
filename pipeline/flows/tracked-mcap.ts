/** What of a coin circulates where its events are read: the weight it has in the gauge. */

/** Gives the canonical id (slug) of a chain's name, id or other spelling, or null for a name nobody knows. */
export type ChainResolver = (name: string) => string | null;

interface NamedChain {
  id: string;
  slug: string;
  name: string;
  defillamaName: string | null;
  defillamaAliases: readonly string[];
}

export function chainResolver(chains: readonly NamedChain[]): ChainResolver {
  const slugs = new Map<string, string>();
  for (const { id, slug, name, defillamaName, defillamaAliases } of chains)
    for (const spelling of [slug, id, name, defillamaName, ...defillamaAliases])
      if (spelling !== null && !slugs.has(spelling.toLowerCase())) slugs.set(spelling.toLowerCase(), slug);
  return (name) => slugs.get(name.trim().toLowerCase()) ?? null;
}

type ChainAmounts = Readonly<Record<string, { current?: number | null | undefined } | null | undefined>>;
type PegBuckets = Readonly<Record<string, number | null | undefined>>;

function canonical(amounts: ChainAmounts, resolve: ChainResolver): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [name, entry] of Object.entries(amounts)) {
    const chain = resolve(name);
    if (chain === null) continue;
    const current = entry?.current;
    const usd = typeof current === "number" && Number.isFinite(current) && current > 0 ? current : 0;
    sums.set(chain, (sums.get(chain) ?? 0) + usd);
  }
  return sums;
}

function sumPegBuckets(circulating: PegBuckets | null | undefined): number {
  return Object.values(circulating ?? {}).reduce<number>(
    (sum, usd) => sum + (Number.isFinite(usd) ? (usd ?? 0) : 0),
    0,
  );
}

/** Zero on a tracked chain is data; only a coin without any entry there falls back to all of its supply. */
export function trackedMcapUsd(
  coin: {
    trackedChains: readonly string[];
    chainCirculating?: ChainAmounts | null | undefined;
    circulating?: PegBuckets | null | undefined;
  },
  resolve: ChainResolver,
): number {
  const tracked = new Set(coin.trackedChains.map((chain) => resolve(chain) ?? chain));
  const byChain = canonical(coin.chainCirculating ?? {}, resolve);
  const here = [...byChain].filter(([chain]) => tracked.has(chain));
  if (here.length === 0) return sumPegBuckets(coin.circulating);
  return here.reduce((sum, [, usd]) => sum + usd, 0);
}
