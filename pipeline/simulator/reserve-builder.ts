/** How reserve contracts are put into the simulated world: functions by address, and tokens that an address holds. */
import type { Abi, Address } from "viem";
import type { SimCoin } from "./coin.ts";
import { cryptoUsd } from "./crypto.ts";
import { keyOf, noise, restedAt, unit } from "./noise.ts";
import type { World } from "./world.ts";

const HOUR_SEC = 3_600;
const DAY_SEC = 86_400;
/** Reserves move a few times a day. */
const RESTS_SEC = 6 * HOUR_SEC;
export const USDC: Address = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48";

/** A contract: what each function gives at a time, by ABI; undefined for a revert. */
export type Functions = Record<string, (args: readonly unknown[], timeSec: number) => unknown>;
export interface Contract {
  abi: Abi;
  functions: Functions;
}

export interface Placed {
  contracts: Map<string, Contract[]>;
  /** Token units held, by chain/token/holder. */
  balances: Map<string, (timeSec: number) => number>;
}

/** Base units; six digits after the point are what a float says for sure. */
export function scaled(units: number, decimals: number): bigint {
  const millionths = BigInt(Math.round(units * 1e6));
  return decimals >= 6 ? millionths * 10n ** BigInt(decimals - 6) : millionths / 10n ** BigInt(6 - decimals);
}

export function wad(units: number): bigint {
  return scaled(units, 18);
}

export class Builder {
  readonly placed: Placed = { contracts: new Map(), balances: new Map() };
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  #key(coin: SimCoin, what: string): number {
    return keyOf(`${this.#world.seed}/reserve/${coin.id}/${what}`);
  }

  /** The time whose values a contract shows: frozen ones stand still. */
  #shown(coin: SimCoin, timeSec: number): number {
    const trouble = this.#world.reserveTrouble(coin.id, timeSec);
    return trouble?.trouble === "frozen" ? trouble.startSec : timeSec;
  }

  trouble(coin: SimCoin, timeSec: number): string | null {
    return this.#world.reserveTrouble(coin.id, timeSec)?.trouble ?? null;
  }

  /** A share of what circulates; a liar says ten times as much. */
  part(coin: SimCoin, what: string, share: number) {
    const key = this.#key(coin, what);
    return (timeSec: number) => {
      const at = restedAt(key, this.#shown(coin, timeSec), RESTS_SEC);
      const lie = this.trouble(coin, timeSec) === "lying" ? 10 : 1;
      return this.#world.circulatingUnits(coin.id, at) * share * (1 + 0.1 * noise(key, at, 20 * DAY_SEC)) * lie;
    };
  }

  supply(coin: SimCoin) {
    return (timeSec: number) => this.#world.circulatingUnits(coin.id, this.#shown(coin, timeSec));
  }

  /** Units of another coin that one token is worth. */
  worthIn(coin: SimCoin, coinId: string, timeSec: number): number {
    const [own, other] = [coin.id, coinId].map((id) => this.#world.truePriceUsd(id, timeSec) ?? 1) as [number, number];
    return own / other;
  }

  /** Decimals of a token: those of the coin that is deployed there, else what dollars of banks and other tokens have. */
  decimals(chain: string, token: string): number {
    const deployed = this.#world.coins
      .flatMap(({ deployments }) => deployments)
      .find((deployment) => deployment.chain === chain && deployment.address.toLowerCase() === token);
    return deployed?.decimals ?? (token === USDC ? 6 : 18);
  }

  share(coin: SimCoin, what: string): number {
    return unit(this.#key(coin, what));
  }

  usd(asset: "ETH" | "BTC", timeSec: number): number {
    return cryptoUsd(this.#world.seed, asset, timeSec);
  }

  add(coin: SimCoin, chain: string, address: string, abi: Abi, functions: Functions): void {
    const silent: Functions = Object.fromEntries(
      Object.entries(functions).map(([name, run]) => [
        name,
        (args: readonly unknown[], timeSec: number) =>
          this.trouble(coin, timeSec) === "silent" ? undefined : run(args, timeSec),
      ]),
    );
    const key = `${chain}/${address}`;
    this.placed.contracts.set(key, [...(this.placed.contracts.get(key) ?? []), { abi, functions: silent }]);
  }

  hold(chain: string, token: string, holder: string, units: (timeSec: number) => number): void {
    this.placed.balances.set(`${chain}/${token}/${holder}`.toLowerCase(), units);
  }
}
