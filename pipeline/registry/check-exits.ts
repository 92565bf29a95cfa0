/** What a coin's redemption route and reserve adapter must hold beyond their shape: days that were, supports said once, chains and coins that exist. */
import type { Coin } from "../schema/coin.ts";

export type Say = (field: string, expected: string, came: unknown, example: string) => void;

export interface KnownNames {
  today: string;
  isCoin(id: string): boolean;
  isChain(id: string): boolean;
}

export function checkExits(coin: Coin, known: KnownNames, problem: Say): void {
  const { redemptionRoute: route, reserveAdapter: adapter } = coin;
  if (route?.reviewedAt !== undefined && route.reviewedAt > known.today)
    problem("redemptionRoute.reviewedAt", `a day up to today, ${known.today}`, route.reviewedAt, '"2026-05-17"');
  route?.docs?.forEach(({ supports }, i) => {
    const twice = supports.find((support, at) => supports.indexOf(support) !== at);
    if (twice !== undefined)
      problem(
        `redemptionRoute.docs[${i}].supports`,
        "each support once",
        supports,
        `keep one ${JSON.stringify(twice)}`,
      );
  });
  if (adapter !== null && "chain" in adapter && !known.isChain(adapter.chain))
    problem("reserveAdapter.chain", "a chain of registry/chains.json", adapter.chain, '"eip155:1"');
  if (adapter?.kind === "erc4626-single-asset" && adapter.assetCoinId !== null && !known.isCoin(adapter.assetCoinId))
    problem("reserveAdapter.assetCoinId", "the id of a coin in registry/coins", adapter.assetCoinId, '"usdc-circle"');
}
