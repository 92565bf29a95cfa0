/** api.curve.finance: pools of a chain, balances as base-unit text, decimals as text, coins padded with zero addresses. */
import { simChain } from "../chains.ts";
import { poolAt, poolsOf } from "../pools.ts";
import { ok, type SimUpstream, significant } from "../upstream.ts";

const DECIMALS = 18;

function baseUnits(tokens: number): string {
  return `${BigInt(Math.round(tokens * 1e6)) * 10n ** BigInt(DECIMALS - 6)}`;
}

export const curve: SimUpstream = {
  id: "curve",
  answer({ path }, world, nowSec) {
    const chain = /^\/v1\/getPools\/all\/([a-z-]+)$/.exec(path)?.[1];
    if (!chain) return null;
    const poolData = poolsOf(world).flatMap((pool) => {
      const isHere = pool.amplification !== null && simChain(pool.chain).slug === chain;
      const state = isHere ? poolAt(world, pool, nowSec) : null;
      if (!state) return [];
      const { tvlUsd, coinShare, coinPriceUsd, otherPriceUsd } = state;
      const side = (address: string, symbol: string, usd: number, price: number) => ({
        address,
        usdPrice: significant(price, 6),
        decimals: String(DECIMALS),
        isBasePoolLpToken: false,
        symbol,
        poolBalance: baseUnits(usd / price),
      });
      return [
        {
          id: pool.uuid.slice(0, 8),
          address: pool.address,
          amplificationCoefficient: String(pool.amplification),
          name: `${pool.coin.symbol}/${pool.otherSymbol}`,
          coins: [
            side(pool.coinAddress, pool.coin.symbol, tvlUsd * coinShare, coinPriceUsd),
            side(pool.otherAddress, pool.otherSymbol, tvlUsd * (1 - coinShare), otherPriceUsd),
          ],
          usdTotal: tvlUsd,
          usdTotalExcludingBasePool: tvlUsd,
          isMetaPool: false,
          isBroken: false,
          usesRateOracle: false,
          registryId: "factory-stable-ng",
          creationTs: pool.bornSec,
        },
      ];
    });
    return ok({ success: true, data: { poolData } });
  },
};
