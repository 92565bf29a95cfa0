/** One pool as the lane thinks of it, whoever told of it: which tracked coins it holds and how much of an exit it is. */
import type { Registry } from "../registry/registry.ts";
import type { Coin } from "../schema/coin.ts";

export interface PoolToken {
  /** Tracked coin, or null. */
  coinId: string | null;
  address: string | null;
  symbol: string;
}

export type PoolFamily = "llama-yields" | "curve-api" | "dexscreener" | "geckoterminal";

export interface Pool {
  source: PoolFamily;
  /** Other sources that told of the same pool. */
  alsoFrom: PoolFamily[];
  /** Lower-case contract where the source gives it. */
  address: string | null;
  id: string;
  /** Venue and version, e.g. "uniswap-v3". */
  protocol: string;
  chain: string;
  symbol: string;
  tokens: PoolToken[];
  /** Coins whose liquidity this pool is: of a Curve metapool only its own side. */
  coinIds: string[];
  tvlUsd: number;
  volume24hUsd: number | null;
  volume7dUsd: number | null;
  feeBps: number | null;
  kind: "stable" | "concentrated" | "volatile" | "order-book" | "unknown";
  amplification: number | null;
  /** Smallest over largest side by value. */
  balanceRatio: number | null;
  /** Share of what the pool pays that is fees and not rewards. */
  organic: number | null;
  ageDays: number | null;
  /** USD prices the pool shows, by coin. */
  prices: Record<string, number>;
}

/** Maker of a venue's versions: "uniswap-v3" and "uniswap-v4" are one voice. */
export function familyOf(protocol: string): string {
  return protocol.split("-")[0] ?? protocol;
}

/** Venues that are dead or blocked: they lead to no pool, no price and no score. */
const BLOCKED = /^(retro|bunni)(-|$)/;

export function isBlockedVenue(protocol: string): boolean {
  return BLOCKED.test(protocol.toLowerCase());
}

const HOLDER_ROLES: readonly (string | null)[] = ["unreleased", "reserves", "bridge"];

/** Tokens of the registry by chain and address, and by symbol where a symbol and chain mean one coin only. */
export class TokenIndex {
  readonly #byAddress = new Map<string, string>();
  readonly #bySymbol = new Map<string, string | null>();
  readonly #coins: ReadonlyMap<string, Coin>;

  constructor({ coins, coinById }: Pick<Registry, "coins" | "coinById">) {
    this.#coins = coinById;
    for (const coin of coins)
      for (const { chain, address, role } of coin.deployments) {
        if (HOLDER_ROLES.includes(role)) continue;
        this.#byAddress.set(tokenKey(chain, address), coin.id);
        const key = `${chain}/${coin.symbol.toUpperCase()}`;
        const known = this.#bySymbol.get(key);
        this.#bySymbol.set(key, known === undefined || known === coin.id ? coin.id : null);
      }
  }

  byAddress(chain: string, address: string): string | null {
    return this.#byAddress.get(tokenKey(chain, address)) ?? null;
  }

  /** Null where the symbol is nobody's or more than one coin's. */
  bySymbol(chain: string, symbol: string): string | null {
    return this.#bySymbol.get(`${chain}/${symbol.toUpperCase()}`) ?? null;
  }

  coin(id: string): Coin | undefined {
    return this.#coins.get(id);
  }
}

function tokenKey(chain: string, address: string): string {
  return `${chain}/${address.startsWith("0x") ? address.toLowerCase() : address}`;
}

export function uniqueCoins(tokens: readonly PoolToken[]): string[] {
  return [...new Set(tokens.flatMap(({ coinId }) => coinId ?? []))];
}
