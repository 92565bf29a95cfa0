/**
 * What the method knows of every price source: how much it is trusted, how old it may be, whose opinion it really is.
 *
 * Figures: pricing methodology, section 3. A source that is not in this table takes no part in any decision.
 */
import type { ObservedAtMode } from "./schema/stablecoins.ts";

/** Strong to weak; the index is the rank. */
export const TRUST_TIERS = [
  "hard_oracle",
  "hard_market",
  "hard_protocol",
  "soft_aggregator",
  "soft_dex",
  "fallback_search",
  "cached_replay",
] as const;
export type TrustTier = (typeof TRUST_TIERS)[number];

export interface PriceSource {
  tier: TrustTier;
  weight: number;
  /** Sources of one family repeat one producer. */
  family: string;
  /** Seconds; null: no limit of its own. */
  maxTrustedAgeSec: number | null;
  /** May its prices be kept and shown again for a while when everything else fails. */
  replaySafe: boolean;
  poolChallengeExempt: boolean;
  depegAuthoritative: boolean;
  /** Depeg-authoritative without a second source. */
  authoritativeAlone: boolean;
  needsObservedAt: boolean;
  /** States its own observation time in at least some answers. */
  upstreamTime: boolean;
  defaultMode: ObservedAtMode | null;
  listAggregator: boolean;
  /** Exempt from the guardrails on soft prices. */
  softGuardrailExempt: boolean;
  gtProbeEligible: boolean;
}

const MINUTES = 60;
const HOURS = 3600;
const DAYS = 86_400;
/** DEX lanes are crawled every half hour. */
const DEX_AGE_SEC = 35 * MINUTES;

type Preset = Omit<PriceSource, "tier" | "weight" | "family" | "maxTrustedAgeSec">;

const NONE: Preset = {
  replaySafe: false,
  poolChallengeExempt: false,
  depegAuthoritative: false,
  authoritativeAlone: false,
  needsObservedAt: false,
  upstreamTime: false,
  defaultMode: "local_fetch",
  listAggregator: false,
  softGuardrailExempt: false,
  gtProbeEligible: false,
};

const PRESETS: Record<TrustTier, Preset> = {
  soft_aggregator: { ...NONE, replaySafe: true },
  soft_dex: { ...NONE, replaySafe: true, needsObservedAt: true },
  fallback_search: NONE,
  hard_market: { ...NONE, replaySafe: true, poolChallengeExempt: true, depegAuthoritative: true },
  hard_oracle: {
    ...NONE,
    replaySafe: true,
    poolChallengeExempt: true,
    depegAuthoritative: true,
    authoritativeAlone: true,
    needsObservedAt: true,
    upstreamTime: true,
    defaultMode: "upstream",
  },
  hard_protocol: { ...NONE, replaySafe: true, poolChallengeExempt: true, depegAuthoritative: true },
  cached_replay: { ...NONE, needsObservedAt: true, defaultMode: null },
};

function source(
  tier: TrustTier,
  weight: number,
  family: string,
  maxTrustedAgeSec: number | null,
  more: Partial<Preset> = {},
): PriceSource {
  return { tier, weight, family, maxTrustedAgeSec, ...PRESETS[tier], ...more };
}

function protocolDexLanes(weight: number, protocols: string[]): [string, PriceSource][] {
  return protocols.map((protocol) => [`${protocol}-dex`, source("soft_dex", weight, `dex:${protocol}`, DEX_AGE_SEC)]);
}

function addressProviders(providers: string[]): [string, PriceSource][] {
  return providers.map((key) => [key, source("fallback_search", 1, key, 15 * MINUTES)]);
}

/** Without a prototype: a key from outside such as "constructor" finds nothing. */
export const PRICE_SOURCES: Readonly<Record<string, PriceSource>> = Object.assign(
  Object.create(null) as Record<string, PriceSource>,
  {
    coingecko: source("soft_aggregator", 2, "coingecko", 15 * MINUTES, {
      upstreamTime: true,
      listAggregator: true,
      gtProbeEligible: true,
    }),
    "coingecko-low-volume": source("soft_aggregator", 0.5, "coingecko", 7 * DAYS, { listAggregator: true }),
    "coingecko-native-implied": source("soft_aggregator", 1, "coingecko", 15 * MINUTES, {
      replaySafe: false,
      upstreamTime: true,
    }),
    "coingecko-mirror": source("soft_aggregator", 1, "coingecko", 15 * MINUTES, { listAggregator: true }),
    defillama: source("soft_aggregator", 1, "defillama", 15 * MINUTES, { listAggregator: true, defaultMode: null }),
    "defillama-list": source("soft_aggregator", 1, "defillama", 15 * MINUTES, {
      needsObservedAt: true,
      listAggregator: true,
      gtProbeEligible: true,
      defaultMode: null,
    }),
    "defillama-contract": source("soft_aggregator", 1, "defillama", 15 * MINUTES, { listAggregator: true }),
    "cg-ticker": source("hard_market", 2, "coingecko", 15 * MINUTES),
    geckoterminal: source("soft_dex", 1, "dex:geckoterminal", 15 * MINUTES),
    pyth: source("hard_oracle", 2, "oracle:pyth", 5 * MINUTES),
    redstone: source("hard_oracle", 1, "oracle:redstone", 5 * MINUTES),
    binance: source("hard_market", 2, "cex:binance", 15 * MINUTES),
    kraken: source("hard_market", 2, "cex:kraken", 15 * MINUTES),
    bitstamp: source("hard_market", 1, "cex:bitstamp", 15 * MINUTES, { upstreamTime: true }),
    coinbase: source("hard_market", 2, "cex:coinbase", 15 * MINUTES, { upstreamTime: true }),
    "curve-onchain": source("hard_protocol", 3, "protocol:curve", 5 * MINUTES, { upstreamTime: true }),
    "curve-oracle": source("hard_protocol", 3, "protocol:curve", 5 * MINUTES, { upstreamTime: true }),
    "chainlink-nav": source("hard_protocol", 3, "protocol:chainlink-nav", 36 * HOURS, {
      needsObservedAt: true,
      upstreamTime: true,
    }),
    "dex-promoted": source("soft_dex", 1, "dex:promoted", DEX_AGE_SEC),
    ...Object.fromEntries(protocolDexLanes(3, ["fluid", "balancer", "curve"])),
    ...Object.fromEntries(
      protocolDexLanes(2, [
        "uniswap-v3",
        "uniswap-v4",
        "raydium",
        "orca",
        "meteora",
        "pancakeswap",
        "aerodrome",
        "velodrome",
      ]),
    ),
    "pool-tvl-weighted": source("soft_dex", 1, "dex:pool-tvl-weighted", DEX_AGE_SEC, { softGuardrailExempt: true }),
    jupiter: source("fallback_search", 1, "jupiter", 15 * MINUTES),
    coinmarketcap: source("fallback_search", 1, "coinmarketcap", 60 * MINUTES, { listAggregator: true }),
    "dexscreener-exact": source("fallback_search", 1, "dexscreener-exact", 15 * MINUTES),
    "dexscreener-search": source("fallback_search", 1, "dexscreener-search", 15 * MINUTES),
    ...Object.fromEntries(
      addressProviders([
        "dexscreener-address",
        "dexpaprika-address",
        "alchemy-address",
        "moralis-address",
        "birdeye-address",
      ]),
    ),
    "coingecko-onchain-address": source("fallback_search", 1, "coingecko", 15 * MINUTES),
    "protocol-redeem": source("hard_protocol", 3, "protocol:redeem", 15 * MINUTES, { softGuardrailExempt: true }),
    "zephyr-scanner": source("hard_protocol", 2, "protocol:zephyr-scanner", 4 * HOURS, { depegAuthoritative: false }),
    cached: source("cached_replay", 0, "cached", null),
  },
);

/** 0 is the strongest; a source outside the registry ranks below all. */
export function trustRank(key: string): number {
  const known = PRICE_SOURCES[key];
  return known ? TRUST_TIERS.indexOf(known.tier) : Number.POSITIVE_INFINITY;
}

/** Oracles, exchanges and protocols: their word counts where aggregators and searches need a second. */
export function isHardTier(key: string): boolean {
  return trustRank(key) <= TRUST_TIERS.indexOf("hard_protocol");
}

/** The keys inside labels: split at "+", trimmed, empties dropped, first order kept, none twice. */
export function expandSourceKeys(value: string | readonly string[] | null | undefined): string[] {
  const labels = value === null || value === undefined ? [] : typeof value === "string" ? [value] : value;
  return [...new Set(labels.flatMap((label) => label.split("+").map((key) => key.trim())).filter((key) => key !== ""))];
}

/** Whether a price under this label may be replayed from the cache: every part is registered and replay-safe. */
export function isReplaySafe(label: string | readonly string[] | null | undefined): boolean {
  const keys = expandSourceKeys(label);
  return keys.length > 0 && keys.every((key) => PRICE_SOURCES[key]?.replaySafe === true);
}

/** Whether DEX pools may challenge a price of these sources: every part is registered and not exempt. */
export function poolChallengeEligible(sources: string | readonly string[] | null | undefined): boolean {
  const keys = expandSourceKeys(sources);
  return keys.length > 0 && keys.every((key) => PRICE_SOURCES[key]?.poolChallengeExempt === false);
}

/** Distinct parts that may vouch for a depeg. */
export function countDepegAuthoritative(sources: string | readonly string[] | null | undefined): number {
  return expandSourceKeys(sources).filter((key) => PRICE_SOURCES[key]?.depegAuthoritative === true).length;
}

export function hasDepegAuthoritative(sources: string | readonly string[] | null | undefined): boolean {
  return countDepegAuthoritative(sources) > 0;
}

/**
 * The source whose answer a key's quotes are read from, as the status snapshot names it; a key that is not here comes from a dataset of
 * ours or is kept for old rows.
 */
export const ASKED_AS: Readonly<Record<string, string>> = {
  coingecko: "coingecko:simple-price",
  "coingecko-low-volume": "coingecko:simple-price",
  "coingecko-native-implied": "coingecko:native-price",
  "defillama-list": "defillama:list-prices",
  "defillama-contract": "defillama-coins:prices",
  "cg-ticker": "coingecko-tickers:tickers",
  geckoterminal: "geckoterminal:pools",
  pyth: "pyth:price",
  redstone: "redstone:prices",
  binance: "binance:ticker",
  kraken: "kraken:ticker",
  bitstamp: "bitstamp:ticker",
  coinbase: "coinbase:ticker",
  "curve-onchain": "curve-onchain:get-dy",
  "curve-oracle": "curve-oracle:price",
  jupiter: "jupiter:price",
  coinmarketcap: "coinmarketcap:category",
  "dexscreener-exact": "dexscreener:tokens",
  "dexscreener-address": "dexscreener:address-tokens",
  "dexpaprika-address": "dexpaprika:token",
  "coingecko-onchain-address": "coingecko-onchain:token-price",
  "alchemy-address": "alchemy:prices",
  "moralis-address": "moralis:prices",
  "birdeye-address": "birdeye:price",
  "protocol-redeem": "contracts:read",
  "zephyr-scanner": "zephyr:livestats",
};

/** The producer behind a source; a source that is not known is its own. */
export function familyOf(key: string): string {
  return PRICE_SOURCES[key]?.family ?? key;
}

/** Whether sources that agree are all of one producer, and so one opinion in several voices. */
export function isOneFamily(sources: readonly string[]): boolean {
  const keys = expandSourceKeys(sources);
  return keys.length > 1 && new Set(keys.map(familyOf)).size === 1;
}
