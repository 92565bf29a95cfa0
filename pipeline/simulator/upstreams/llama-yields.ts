/**
 * yields.llama.fi: one list of everything that pays, DEX pools with their volumes and vaults that lend a single coin.
 *
 * The list is refreshed hourly, as the real one is; figures are integers or fractions or null.
 */
import { simChain } from "../chains.ts";
import { poolAt, poolsOf } from "../pools.ts";
import { ok, round2, type SimUpstream } from "../upstream.ts";
import { vaultAt, vaultsOf } from "../vaults.ts";

const HOUR_SEC = 3_600;
const DAY_SEC = 86_400;

const round5 = (value: number) => Math.round(value * 1e5) / 1e5;

export const llamaYields: SimUpstream = {
  id: "llama-yields",
  answer({ path }, world, nowSec) {
    if (path !== "/pools") return null;
    const at = Math.floor(nowSec / HOUR_SEC) * HOUR_SEC;
    const dex = poolsOf(world).flatMap((pool) => {
      const state = poolAt(world, pool, at);
      if (!state) return [];
      const apyBase = round5((state.volumeUsd1d / state.tvlUsd) * 0.0001 * 365 * 100);
      return [
        {
          chain: simChain(pool.chain).name,
          project: pool.project,
          symbol: `${pool.coin.symbol}-${pool.otherSymbol}`,
          tvlUsd: Math.round(state.tvlUsd),
          apyBase,
          apyReward: null,
          apy: apyBase,
          pool: pool.uuid,
          stablecoin: pool.other !== null,
          exposure: "multi",
          poolMeta: pool.meta,
          count: Math.floor((at - pool.bornSec) / DAY_SEC),
          underlyingTokens: [pool.coinAddress, pool.otherAddress],
          volumeUsd1d: round2(state.volumeUsd1d),
          volumeUsd7d: round2(state.volumeUsd1d * 7),
          apyMean30d: apyBase,
        },
      ];
    });
    const vaults = vaultsOf(world).flatMap((vault) => {
      const state = vaultAt(world, vault, at);
      if (!state) return [];
      return [
        {
          chain: simChain(vault.chain).name,
          project: vault.project,
          symbol: vault.coin.symbol.toUpperCase(),
          tvlUsd: Math.round(state.tvlUsd),
          apyBase: round5(state.apyBase),
          apyReward: state.apyReward === null ? null : round5(state.apyReward),
          apy: round5(state.apyBase + (state.apyReward ?? 0)),
          pool: vault.uuid,
          stablecoin: true,
          exposure: "single",
          poolMeta: null,
          count: 400,
          underlyingTokens: [vault.address],
          volumeUsd1d: null,
          volumeUsd7d: null,
          apyMean30d: round5(state.apyMean30d),
        },
      ];
    });
    return ok({ status: "success", data: [...dex, ...vaults] });
  },
};
