/** Where a coin's tokens are: the deployments that price services can be asked about, main contract first. */
import type { Coin, Deployment } from "../schema/coin.ts";

const TOKEN_ROLES: readonly Deployment["role"][] = ["issued", "bridged", null];

export function tokenDeployments(coin: Coin): Deployment[] {
  return coin.deployments.filter(({ role }) => TOKEN_ROLES.includes(role));
}
