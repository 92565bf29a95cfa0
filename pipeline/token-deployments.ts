/** Which of a coin's deployments are the token itself, main contract first; the others are addresses that hold it. */
import type { Coin, Deployment } from "./schema/coin.ts";

export function isToken({ role }: Pick<Deployment, "role">): boolean {
  return role === "issued" || role === "bridged" || role === null;
}

export function tokenDeployments(coin: Pick<Coin, "deployments">): Deployment[] {
  return coin.deployments.filter(isToken);
}
