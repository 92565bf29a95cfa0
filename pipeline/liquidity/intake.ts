/** From each source's rows to pools: what is a DEX pool, which coins it holds, what it shows. */
import type { Registry } from "../registry/registry.ts";
import type { CurvePool } from "../sources/curve.ts";
import type { DexPair } from "../sources/dexscreener.ts";
import type { TerminalPool } from "../sources/geckoterminal.ts";
import type { YieldPool } from "../sources/llama-yields.ts";
import { DAY_SEC } from "../time.ts";
import { isBlockedVenue, type Pool, type PoolToken, type TokenIndex, uniqueCoins } from "./pool.ts";
import { stableswapPrice } from "./stableswap.ts";

/** Above this no pool of this kind has ever been. */
const IMPOSSIBLE_TVL_USD = 2e10;
/** Projects of the yields list that are exchanges; the rest of that list lends, stakes and farms. */
const DEX_PROJECT =
  /^(curve|uniswap|sushiswap|pancakeswap|balancer|aerodrome|velodrome|fluid-dex|raydium|orca|meteora|camelot|quickswap|trader-joe|joe|maverick|thena|ramses|shadow|lynex|kyberswap|ambient|wombat|solidly|blackhole|ekubo|cetus|turbos|thala|hyperswap|project-x|dodo|bunni|retro)(-|$)/;
const CONCENTRATED = /(v3|v4|slipstream|clmm|orca|fluid-dex|algebra|dlmm|-cl$)/;
const ORDER_BOOK = /(order-?book|phoenix|openbook|serum)/;

function kindOf(protocol: string, meta: string | null): Pool["kind"] {
  const text = `${protocol} ${meta ?? ""}`.toLowerCase();
  if (ORDER_BOOK.test(text)) return "order-book";
  if (/stable/.test(text)) return "stable";
  if (CONCENTRATED.test(protocol)) return "concentrated";
  if (/(volatile|weighted|amm|crypto|v2)/.test(text)) return "volatile";
  return "unknown";
}

/** "0.05%" and the like; other texts say no fee. */
export function feeBpsOf(meta: string | null): number | null {
  const match = /(\d+(?:\.\d+)?)\s*%/.exec(meta ?? "");
  const bps = match ? Number(match[1]) * 100 : Number.NaN;
  return Number.isFinite(bps) && bps > 0 && bps <= 500 ? Math.round(bps * 100) / 100 : null;
}

function plausible(tvlUsd: number | null): tvlUsd is number {
  return tvlUsd !== null && tvlUsd > 0 && tvlUsd <= IMPOSSIBLE_TVL_USD;
}

/** Symbols of the list: "USDC-USDT", with the addresses in the same order where there are as many. */
function llamaTokens(row: YieldPool, chain: string, index: TokenIndex): PoolToken[] {
  const symbols = row.symbol.split("-").map((symbol) => symbol.trim());
  const addresses = row.underlyingTokens ?? [];
  if (addresses.length >= 2)
    return addresses.map((address, i) => ({
      coinId: index.byAddress(chain, address),
      address,
      symbol: addresses.length === symbols.length ? (symbols[i] ?? "") : "",
    }));
  return symbols.map((symbol) => ({ coinId: index.bySymbol(chain, symbol), address: null, symbol }));
}

export function fromLlama(rows: readonly YieldPool[], registry: Registry, index: TokenIndex): Pool[] {
  return rows.flatMap((row): Pool[] => {
    if (row.exposure === "single" || !DEX_PROJECT.test(row.project) || isBlockedVenue(row.project)) return [];
    if (!plausible(row.tvlUsd)) return [];
    const chain = registry.chainByLlamaName.get(row.chain)?.id ?? row.chain;
    const tokens = llamaTokens(row, chain, index);
    const coinIds = uniqueCoins(tokens);
    if (tokens.length < 2 || coinIds.length === 0) return [];
    const paid = (row.apyBase ?? 0) + (row.apyReward ?? 0);
    const allStable = tokens.every(({ coinId }) => coinId !== null);
    const kind = kindOf(row.project, row.poolMeta);
    return [
      {
        source: "llama-yields",
        alsoFrom: [],
        address: null,
        id: row.pool,
        protocol: row.project,
        chain,
        symbol: row.symbol,
        tokens,
        coinIds,
        tvlUsd: row.tvlUsd,
        volume24hUsd: row.volumeUsd1d,
        volume7dUsd: row.volumeUsd7d,
        feeBps: feeBpsOf(row.poolMeta),
        kind: row.project.startsWith("curve") ? (allStable ? "stable" : "volatile") : kind,
        amplification: null,
        balanceRatio: null,
        organic: row.apyBase !== null && paid > 0 ? Math.max(0, row.apyBase) / paid : null,
        ageDays: row.daysKnown,
        prices: {},
      },
    ];
  });
}

type CurveSide = CurvePool["coins"][number] & { balance: number; usdPrice: number };

/** A price that is the pool's own: how the coin trades against the deepest other side, times that side's USD price. */
function curvePrices(pool: CurvePool, sides: readonly CurveSide[], coinOf: (side: CurveSide) => string | null) {
  const prices: Record<string, number> = {};
  const { amplification } = pool;
  if (pool.isMetaPool || pool.usesRateOracle || amplification === null || isCrypto(pool)) return prices;
  for (const [i, side] of sides.entries()) {
    const coinId = coinOf(side);
    if (coinId === null) continue;
    const value = (j: number) => (sides[j] ? sides[j].balance * sides[j].usdPrice : 0);
    const others = sides.map((_, j) => j).filter((j) => j !== i);
    const deepest = others.reduce((best, j) => (value(j) > value(best) ? j : best), others[0] ?? i);
    const rate = stableswapPrice(
      sides.map(({ balance }) => balance),
      amplification,
      i,
      deepest,
    );
    const other = sides[deepest];
    if (rate !== null && other) prices[coinId] = rate * other.usdPrice;
  }
  return prices;
}

function isCrypto({ registryId }: CurvePool): boolean {
  return /(crypto)/.test(registryId ?? "");
}

export function fromCurve(rows: readonly CurvePool[], chain: string, index: TokenIndex, nowSec: number): Pool[] {
  const seen = new Set<string>();
  return rows.flatMap((row): Pool[] => {
    const tvlUsd = row.isMetaPool ? row.ownTvlUsd : row.tvlUsd;
    if (row.isBroken || seen.has(row.address) || !plausible(tvlUsd)) return [];
    seen.add(row.address);
    const tokens = row.coins.map(
      ({ address, symbol }): PoolToken => ({ coinId: index.byAddress(chain, address), address, symbol: symbol ?? "" }),
    );
    const own = row.isMetaPool ? tokens.slice(0, 1) : tokens;
    const coinIds = uniqueCoins(own);
    if (tokens.length < 2 || coinIds.length === 0) return [];
    const sides = row.coins.filter((side): side is CurveSide => side.balance !== null && (side.usdPrice ?? 0) > 0);
    const values = sides.map(({ balance, usdPrice }) => balance * usdPrice);
    const measured = sides.length === row.coins.length && Math.max(...values) > 0;
    return [
      {
        source: "curve-api",
        alsoFrom: [],
        address: row.address,
        id: row.address,
        protocol: "curve-dex",
        chain,
        symbol: tokens.map(({ symbol }) => symbol).join("-"),
        tokens,
        coinIds,
        tvlUsd,
        volume24hUsd: null,
        volume7dUsd: null,
        feeBps: null,
        kind: isCrypto(row) ? "volatile" : "stable",
        amplification: isCrypto(row) ? null : row.amplification,
        balanceRatio: measured ? Math.min(...values) / Math.max(...values) : null,
        organic: null,
        ageDays: row.createdAt === null ? null : Math.max(0, (nowSec - row.createdAt) / DAY_SEC),
        prices: measured
          ? curvePrices(row, sides, ({ address }) => own.find((token) => token.address === address)?.coinId ?? null)
          : {},
      },
    ];
  });
}

/** Prices outside these bounds around par are another token or a broken pool. */
const PEG_SANITY = { low: 0.5, high: 2 };

export function fromDexScreener(
  pairs: readonly DexPair[],
  chain: string,
  index: TokenIndex,
  referenceUsd: (coinId: string) => number | null,
  nowSec: number,
): Pool[] {
  return pairs.flatMap((pair): Pool[] => {
    const version = pair.labels
      .map((label) => label.toLowerCase())
      .find((label) => /^(v\d|clmm|dlmm|cpmm)$/.test(label));
    const protocol = version ? `${pair.dexId}-${version}` : pair.dexId;
    if (isBlockedVenue(protocol) || !plausible(pair.liquidityUsd)) return [];
    const side = (address: string, symbol: string | null): PoolToken => ({
      coinId: index.byAddress(chain, address),
      address,
      symbol: symbol ?? "",
    });
    const tokens = [side(pair.baseAddress, pair.baseSymbol), side(pair.quoteAddress, pair.quoteSymbol)];
    const quotePrice = pair.priceNative === null ? null : pair.priceUsd / pair.priceNative;
    const shown = [pair.priceUsd, quotePrice];
    const prices: Record<string, number> = {};
    for (const [i, { coinId }] of tokens.entries()) {
      const price = shown[i];
      const reference = coinId === null ? null : referenceUsd(coinId);
      if (coinId === null || price == null) continue;
      if (reference !== null && (price < PEG_SANITY.low * reference || price > PEG_SANITY.high * reference)) return [];
      prices[coinId] = price;
    }
    const coinIds = uniqueCoins(tokens);
    if (coinIds.length === 0) return [];
    const { baseLiquidity, quoteLiquidity } = pair;
    const values =
      baseLiquidity === null || quoteLiquidity === null || quotePrice === null
        ? null
        : [baseLiquidity * pair.priceUsd, quoteLiquidity * quotePrice];
    return [
      {
        source: "dexscreener",
        alsoFrom: [],
        address: pair.pairAddress,
        id: pair.pairAddress,
        protocol,
        chain,
        symbol: tokens.map(({ symbol }) => symbol).join("-"),
        tokens,
        coinIds,
        tvlUsd: pair.liquidityUsd,
        volume24hUsd: pair.volume24hUsd,
        volume7dUsd: null,
        feeBps: null,
        kind: kindOf(protocol, pair.labels.join(" ")),
        amplification: null,
        balanceRatio: values && Math.max(...values) > 0 ? Math.min(...values) / Math.max(...values) : null,
        organic: null,
        ageDays: pair.createdAt === null ? null : Math.max(0, (nowSec - pair.createdAt) / DAY_SEC),
        prices,
      },
    ];
  });
}

/**
 * Pools of one coin that nobody else knows of. They count as that coin's alone, so that the other side is not counted twice, and give
 * no price: what GeckoTerminal says of prices is heard by the price lane, with its own rules.
 */
export function fromTerminal(
  rows: readonly TerminalPool[],
  coinId: string,
  chain: string,
  address: string,
  referenceUsd: number | null,
  nowSec: number,
): Pool[] {
  return rows.flatMap((row): Pool[] => {
    const protocol = (row.dexId ?? "unknown").replaceAll("_", "-");
    const isBase = row.baseAddress === address;
    const price = isBase ? row.basePriceUsd : row.quotePriceUsd;
    if (!isBase && row.quoteAddress !== address) return [];
    if (isBlockedVenue(protocol) || !plausible(row.reserveUsd) || price === null) return [];
    if (referenceUsd !== null && (price < PEG_SANITY.low * referenceUsd || price > PEG_SANITY.high * referenceUsd))
      return [];
    const symbols = (row.name ?? "").replace(/\s+[\d.]+%$/, "").split(" / ");
    const side = (of: string, symbol: string | undefined): PoolToken => ({
      coinId: of === address ? coinId : null,
      address: of,
      symbol: symbol ?? "",
    });
    const tokens = [side(row.baseAddress, symbols[0]), side(row.quoteAddress, symbols[1])];
    return [
      {
        source: "geckoterminal",
        alsoFrom: [],
        address: row.address,
        id: row.address,
        protocol,
        chain,
        symbol: tokens.map(({ symbol }) => symbol).join("-"),
        tokens,
        coinIds: [coinId],
        tvlUsd: row.reserveUsd,
        volume24hUsd: row.volume24hUsd,
        volume7dUsd: null,
        feeBps: feeBpsOf(row.name),
        kind: kindOf(protocol, row.name),
        amplification: null,
        balanceRatio: null,
        organic: null,
        ageDays: row.createdAt === null ? null : Math.max(0, (nowSec - row.createdAt) / DAY_SEC),
        prices: {},
      },
    ];
  });
}
