/**
 * What a savings vault's own contract says a share is worth, now and a week ago: the best trusted word on its yield.
 *
 * Which contract and which function is in the registry (`erc4626-parent`, ERC-4626 `convertToAssets` or Aave's `previewRedeem`). The
 * rate of a week ago is the one this lane stored then, one a day; until it has one a vault's yield is not known from its chain,
 * which is not zero.
 */

import { type Abi, type Address, parseAbi } from "viem";
import { blockProblem } from "../block-age.ts";
import type { LaneContext } from "../lane.ts";
import type { Coin } from "../schema/coin.ts";
import type { Reason } from "../schema/envelope.ts";
import { contractReads } from "../sources/contract-reads.ts";
import { fromBaseUnits } from "../sources/numbers.ts";
import type { ContractRead } from "../sources/read-contracts.ts";
import { feedOf } from "../sources/venue.ts";
import { DAY_SEC } from "../time.ts";
import { tokenDeployments } from "../token-deployments.ts";
import type { YieldCandidate } from "./candidates.ts";
import { apyFromGrowth } from "./yield-figures.ts";
import type { RatePoint } from "./yield-past.ts";

const VAULT_ABI = parseAbi([
  "function convertToAssets(uint256 shares) view returns (uint256)",
  "function previewRedeem(uint256 shares) view returns (uint256)",
]) as Abi;
/** Assets per share outside are a wrong contract or wrong decimals. */
const RATE_RANGE = [0.2, 20] as const;
/** "Seven days ago", as far as one look a day can tell. */
const WEEK_DAYS = [6.5, 8.5] as const;

interface VaultRead {
  coinId: string;
  chain: string;
  read: ContractRead;
  assetDecimals: number;
}

/** The question for a coin's vault; null where a fact it needs is not on file. */
export function vaultRead(coin: Coin, coinById: ReadonlyMap<string, Coin>): VaultRead | null {
  const feed = feedOf(coin, "erc4626-parent");
  const own = feed && tokenDeployments(coin).find(({ chain }) => chain.startsWith("eip155:"));
  const parent = feed && coinById.get(feed.parent);
  const asset = own && parent && tokenDeployments(parent).find(({ chain }) => chain === own.chain);
  if (!feed || !own || !asset || own.decimals === null || asset.decimals === null) return null;
  return {
    coinId: coin.id,
    chain: own.chain,
    assetDecimals: asset.decimals,
    read: {
      address: own.address as Address,
      abi: VAULT_ABI,
      functionName: feed.call,
      args: [10n ** BigInt(own.decimals)],
    },
  };
}

/** Assets per share now, by coin; and why there are none, where not one vault could be read. */
export async function readVaultRates(
  context: LaneContext,
  coins: readonly Coin[],
): Promise<{ rates: Map<string, RatePoint>; failures: Reason[] }> {
  const rates = new Map<string, RatePoint>();
  const failures: Reason[] = [];
  const reads = coins.flatMap((coin) => vaultRead(coin, context.registry.coinById) ?? []);
  for (const [chain, group] of Map.groupBy(reads, (read) => read.chain)) {
    const answer = await context.collect(contractReads, { chain, reads: group.map(({ read }) => read) });
    if (!answer.ok) {
      failures.push({ code: `vault-rates-${answer.reason}`, message: `${chain}: ${answer.detail}` });
      continue;
    }
    const { block, results } = answer.value;
    const problem = blockProblem(chain, block.timestamp, context.nowSec);
    if (problem !== null) {
      failures.push({ code: "vault-rates-stale", message: problem });
      continue;
    }
    for (const [index, { coinId, assetDecimals }] of group.entries()) {
      const value = results[index];
      const rate = typeof value === "bigint" ? fromBaseUnits(value.toString(), assetDecimals) : null;
      if (rate !== null && rate >= RATE_RANGE[0] && rate <= RATE_RANGE[1])
        rates.set(coinId, { at: block.timestamp, rate: Number(rate.toPrecision(9)) });
    }
  }
  if (reads.length === 0) return { rates, failures: [] };
  // One chain that is silent costs its own vaults; the lane is unwell when none of them can be read.
  for (const { message } of rates.size > 0 ? failures : []) context.log(`yields: ${message}`);
  const none = { code: "vault-rates-none", message: `none of ${reads.length} vaults could be read on its chain` };
  return { rates, failures: rates.size > 0 ? [] : [...failures, none] };
}

/** The stored rate closest to seven days before; null where none is. */
function weekAgo(past: readonly RatePoint[], now: RatePoint): RatePoint | null {
  const days = ({ at }: RatePoint) => (now.at - at) / DAY_SEC;
  const near = past.filter((point) => days(point) >= WEEK_DAYS[0] && days(point) <= WEEK_DAYS[1]);
  return near.sort((a, b) => Math.abs(days(a) - 7) - Math.abs(days(b) - 7))[0] ?? null;
}

export function chainCandidate(now: RatePoint | undefined, past: readonly RatePoint[]): YieldCandidate[] {
  const then = now && weekAgo(past, now);
  const apy = now && then ? apyFromGrowth(now.rate, then.rate, (now.at - then.at) / DAY_SEC) : null;
  if (!now || apy === null) return [];
  return [
    {
      source: "its own contract, over a week",
      tier: "chain-read",
      apy,
      apyBase: apy,
      apyReward: null,
      apyMean30d: null,
      tvlUsd: null,
      observedAt: now.at,
    },
  ];
}
