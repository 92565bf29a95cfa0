/** api.frax.finance: the balance sheet of frxUSD, a part of it in dollars and the rest in treasuries. */
import { ok, type SimUpstream } from "../upstream.ts";

const HOUR_SEC = 3_600;
const COIN = "frxusd-frax";
const USDC = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
const TREASURIES = "0x43415eB6ff9DB7E26A15b704e7A3eDCe97d31C4e";

export const frax: SimUpstream = {
  id: "frax",
  answer({ path }, world, nowSec) {
    if (path !== "/v2/frxusd/balance-sheet/latest" || !world.coins.some(({ id }) => id === COIN)) return null;
    const trouble = world.reserveTrouble(COIN, nowSec);
    if (trouble?.trouble === "silent") return null;
    const at = Math.floor((trouble?.trouble === "frozen" ? trouble.startSec : nowSec) / HOUR_SEC) * HOUR_SEC;
    const liabilities = Math.round(world.circulatingUnits(COIN, at));
    const total = trouble?.trouble === "lying" ? liabilities * 0.4 : liabilities * 1.01;
    const item = (tokenSymbol: string, tokenAddress: string, share: number) => ({
      category: "reserve",
      chain: "ethereum",
      address: "0x0000000000000000000000000000000000000001",
      contractAddress: "0x0000000000000000000000000000000000000001",
      tokenAddress,
      tokenSymbol,
      totalValueUsd: total * share,
      tokenQuantity: total * share,
      tokenQuantityE18: "0",
      description: tokenSymbol,
    });
    return ok({
      asOfBlock: { ethereum: 1 },
      asOfTimestamp: new Date(at * 1000).toISOString(),
      tokenPriceUsd: { frxusd: 1 },
      totalAssets: total,
      totalLiabilities: liabilities,
      assets: [item("USDC", USDC, 0.15), item("USTB", TREASURIES, 0.85)],
      liabilities: [],
    });
  },
};
