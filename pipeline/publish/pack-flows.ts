/** Flows without what follows: where a coin's reading stands is where its chain's stands, net is minted less burned. */
import { roundUsd } from "../rounding.ts";
import type { FlowCoin, MintBurnFlows } from "../schema/flows.ts";
import { packTime, type Row, type TimeChange, unpackTime } from "./pack-times.ts";

type Chains = MintBurnFlows["chains"];

/** Where a coin stands when none of its contracts lags behind its chain. */
function standing(chainIds: readonly string[], chains: Chains): { lastSyncedBlock: number; lagBlocks: number | null } {
  const own = chains.filter(({ chainId }) => chainIds.includes(chainId));
  const lastSyncedBlock = Math.min(...own.map(({ finalizedBlock }) => finalizedBlock ?? Number.NaN));
  const lags = own.flatMap(({ headBlock, finalizedBlock }) =>
    headBlock === null || finalizedBlock === null ? [] : [Math.max(0, headBlock - finalizedBlock)],
  );
  return { lastSyncedBlock, lagBlocks: lags.length > 0 ? Math.max(...lags) : null };
}

function packCoin(coin: FlowCoin, chains: Chains): Row {
  const { coverage, ...row }: Row & { coverage: FlowCoin["coverage"] } = { ...coin };
  const usual = standing(coverage.chainIds, chains);
  const { lastSyncedBlock, lagBlocks, ...rest } = coverage;
  const isUsual = lastSyncedBlock === usual.lastSyncedBlock && lagBlocks === usual.lagBlocks;
  if (coin.flowIntensity === coin.pressureShiftScore) delete row.flowIntensity;
  if (coin.netFlow24hUsd === roundUsd(coin.mintVolume24hUsd - coin.burnVolume24hUsd)) delete row.netFlow24hUsd;
  return { ...row, coverage: isUsual ? rest : coverage };
}

function unpackCoin(packed: Row, chains: Chains): Row {
  const { coverage, mintVolume24hUsd, burnVolume24hUsd, pressureShiftScore } = packed as unknown as FlowCoin;
  return {
    flowIntensity: pressureShiftScore,
    netFlow24hUsd: roundUsd(mintVolume24hUsd - burnVolume24hUsd),
    ...packed,
    coverage: { ...standing(coverage.chainIds, chains), ...coverage },
  };
}

function syncTimes(data: Row, at: number, change: TimeChange): Row {
  return { ...data, sync: change(data.sync as Row, "lastSuccessfulSyncAt", at) };
}

export const packFlows = (data: MintBurnFlows, at: number): Row =>
  syncTimes({ ...data, coins: data.coins.map((coin) => packCoin(coin, data.chains)) }, at, packTime);

export const unpackFlows = (packed: Row & { coins: Row[]; chains: Chains }, at: number): Row =>
  syncTimes({ ...packed, coins: packed.coins.map((coin) => unpackCoin(coin, packed.chains)) }, at, unpackTime);
