/**
 * Supply in USD from a contract's own total, for coins that no list carries. Pricing methodology, 19.3.
 *
 * Only a coin with exactly one deployment: with several, one chain's supply would pass for the whole. Balances of the protocol's
 * own holders are taken off; one that could not be read makes the whole unknown, and so does a total of nothing.
 */
export interface OnchainDeployment {
  /** Tokens; null when the read failed. */
  supply: number | null;
  /** We can read it and it stands for the coin's global supply. */
  supported: boolean;
}

export interface OnchainSupply {
  supplyUsd: number;
  supplySource: "onchain-total-supply" | "onchain-circulating-supply";
}

function isAmount(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** `price` in USD per token; `exclusions` are balances in tokens, null where the read failed. */
export function onchainSupply(
  deployments: readonly OnchainDeployment[],
  price: number | null,
  exclusions: readonly (number | null)[] = [],
): OnchainSupply | null {
  const [only, ...others] = deployments;
  if (!only?.supported || others.length > 0 || !isAmount(only.supply)) return null;
  if (!isAmount(price) || price === 0 || !exclusions.every(isAmount)) return null;
  const tokens = exclusions.reduce<number>((left, balance) => left - (balance ?? 0), only.supply);
  if (tokens <= 0) return null;
  const supplySource = exclusions.length > 0 ? "onchain-circulating-supply" : "onchain-total-supply";
  return { supplyUsd: tokens * price, supplySource };
}
