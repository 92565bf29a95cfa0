/** Whose freezes are read: coins by chain and family of contract. Addresses are the registry's; a coin or deployment it lacks is not read. */

import type { Coin } from "../schema/coin.ts";
import { isToken } from "../token-deployments.ts";
import type { FreezeFamily } from "./signatures.ts";

const ETH = "eip155:1";
const ARBITRUM = "eip155:42161";
const BASE = "eip155:8453";
const OPTIMISM = "eip155:10";
const POLYGON = "eip155:137";
const AVALANCHE = "eip155:43114";
const BSC = "eip155:56";
const GNOSIS = "eip155:100";
export const TRON = "tron:0x2b6653dc";

interface Covered {
  coinId: string;
  family: FreezeFamily;
  chains: readonly string[];
}

const COVERED: readonly Covered[] = [
  { coinId: "usdc-circle", family: "circle", chains: [ETH, ARBITRUM, BASE, OPTIMISM, POLYGON, AVALANCHE] },
  { coinId: "eurc-circle", family: "circle", chains: [ETH, BASE, AVALANCHE] },
  { coinId: "brz-transfero", family: "circle", chains: [ETH, GNOSIS] },
  { coinId: "usdt-tether", family: "tether", chains: [ETH, OPTIMISM, AVALANCHE, BSC, TRON] },
  { coinId: "usdt-tether", family: "tether-both", chains: [ARBITRUM, POLYGON] },
  { coinId: "xaut-tether", family: "tether-indexed", chains: [ETH] },
  { coinId: "usdq-quantoz", family: "tether-indexed", chains: [ETH] },
  { coinId: "paxg-paxos", family: "paxos-gold", chains: [ETH] },
  { coinId: "pyusd-paypal", family: "paxos-usd", chains: [ETH, ARBITRUM] },
  { coinId: "usdg-paxos", family: "paxos-usd", chains: [ETH] },
  { coinId: "usd1-world-liberty-financial", family: "wlfi", chains: [ETH, BSC, TRON] },
  { coinId: "u-united-stables", family: "dual-index", chains: [ETH, BSC] },
  { coinId: "fdusd-first-digital", family: "dual-index", chains: [ETH, BSC, ARBITRUM] },
  { coinId: "euri-banking-circle", family: "dual-index", chains: [ETH, BSC] },
  { coinId: "rlusd-ripple", family: "ripple", chains: [ETH] },
  { coinId: "usdtb-ethena", family: "batch", chains: [ETH] },
  { coinId: "a7a5-old-vector", family: "a7a5", chains: [ETH] },
  { coinId: "ausd-agora", family: "account", chains: [ARBITRUM, BASE] },
  { coinId: "mnee-mnee", family: "mnee", chains: [ETH] },
  { coinId: "usdo-openeden", family: "ban", chains: [ETH, BASE] },
  { coinId: "usdx-hex-trust", family: "hex-trust", chains: [ETH] },
  { coinId: "aid-gaib", family: "deny-list", chains: [ETH] },
  { coinId: "tgbp-tokenised", family: "tgbp", chains: [ETH, AVALANCHE] },
  { coinId: "buidl-blackrock", family: "securitize", chains: [ETH, BSC, OPTIMISM, ARBITRUM, AVALANCHE, POLYGON] },
];

export interface FreezeContract {
  coin: Coin;
  chainId: string;
  /** Lower case on EVM chains. */
  address: string;
  decimals: number | null;
  family: FreezeFamily;
}

/** A coin must be freezable by its issuer: one whose file says otherwise is not read, whatever the table says. */
export function freezeContracts(coinById: ReadonlyMap<string, Coin>): FreezeContract[] {
  return COVERED.flatMap(({ coinId, family, chains }) => {
    const coin = coinById.get(coinId);
    if (!coin || coin.governance === "defi") return [];
    return coin.deployments
      .filter((deployment) => chains.includes(deployment.chain) && isToken(deployment))
      .map(({ chain, address, decimals }) => ({
        coin,
        chainId: chain,
        address: chain === TRON ? address : address.toLowerCase(),
        decimals,
        family,
      }));
  });
}

export function cursorKey({ chainId, address }: FreezeContract): string {
  return `${chainId}-${address.toLowerCase()}`;
}
