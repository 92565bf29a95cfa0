/**
 * What the simulator needs to know of a coin: a structural subset of the registry's coin, so that registry files can be
 * passed as they are and tests can write small ones.
 */
import type { ReserveAdapter } from "../schema/reserve-adapter.ts";

export interface SimDeployment {
  /** CAIP-2 chain id. */
  chain: string;
  address: string;
  decimals: number | null;
  /** `unreleased`, `reserves` and `bridge` are holders of the token; anything else is a token. */
  role: string | null;
}

export interface SimFlowContract {
  chain: string;
  address: string | null;
  decimals: number;
  /** "transfer", "usdt-issue" and so on, as the registry names them. */
  events: readonly string[];
  bridge: { protocol: string; addresses: readonly string[] } | null;
}

export interface SimCoin {
  id: string;
  symbol: string;
  name: string;
  /** `type` is DefiLlama's label, e.g. peggedREAL for BRL. */
  peg: { currency: string; type: string };
  mechanism: string | null;
  ids: { defillama?: string | null; coingecko?: string | null };
  navToken?: boolean | null;
  commodityOunces?: number | null;
  status: { state: string; since?: string | null };
  launchDate?: string | null;
  deployments: readonly SimDeployment[];
  /** Contracts whose mints and burns are shown as events. */
  mintBurnContracts?: readonly SimFlowContract[];
  /** The contracts its reserves are read from. */
  reserveAdapter?: ReserveAdapter | null;
  /** Oracle feeds by which the coin is asked for. */
  priceFeeds?: readonly {
    kind: string;
    feedId?: string;
    symbol?: string;
    mint?: string;
    chain?: string;
    address?: string;
    outputIndex?: number;
    outputDecimals?: number;
    via?: string | null;
    basis?: string;
    contract?: string | null;
    parent?: string;
    feeRatio?: number | null;
  }[];
}

/** Roles that are not tokens: addresses that hold supply of the chain's token. */
const HOLDER_ROLES = new Set<string | null>(["unreleased", "reserves", "bridge"]);

export function isToken(deployment: SimDeployment): boolean {
  return !HOLDER_ROLES.has(deployment.role);
}

/** The redemption by which a coin is worth another one, or null: par, or a parent less a fee. */
export function inheritedFrom(coin: SimCoin): { parent: string | null; feeRatio: number } | null {
  const feed = coin.priceFeeds?.find(
    ({ kind, basis }) => kind === "redeem-par" || (kind === "redeem-parent" && basis === "inherit"),
  );
  return feed ? { parent: feed.parent ?? null, feeRatio: feed.feeRatio ?? 0 } : null;
}

/** Chains on which the coin has a token, without repeats, in the registry's order. */
export function chainsOf(coin: SimCoin): string[] {
  const chains = new Set(coin.deployments.filter(isToken).map((deployment) => deployment.chain));
  return chains.size > 0 ? [...chains] : ["eip155:1"];
}
