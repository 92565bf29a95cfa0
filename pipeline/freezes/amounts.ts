/**
 * How much was frozen. An event's own amount is exact; a wipe's is the balance one block before, which only an archive node knows;
 * a freeze's is the balance now and marked so, since an address may have moved tokens before anybody looked.
 */
import type { LaneContext } from "../lane.ts";
import type { FreezeEvent } from "../schema/freezes.ts";
import { erc20Supply } from "../sources/erc20-supply.ts";
import { tokensText } from "./decode.ts";
import type { FoundFreeze } from "./scan-evm.ts";

type Amount = Pick<FreezeEvent, "amount" | "amountSource">;
const UNAVAILABLE: Amount = { amount: null, amountSource: "unavailable" };

interface Balance {
  units: string | null;
  decimals: number | null;
}

async function balanceOf(context: LaneContext, found: FoundFreeze, block: number | null): Promise<Balance> {
  const answer = await context.collect(erc20Supply, {
    chain: found.contract.chainId,
    tokens: [{ address: found.contract.address, holders: [found.address] }],
    ...(block === null ? {} : { block: { number: BigInt(block), timestamp: found.timestamp } }),
  });
  const token = answer.ok ? answer.value.tokens[0] : undefined;
  return { units: token?.balances[0]?.balance ?? null, decimals: token?.decimals ?? null };
}

export async function amountOf(context: LaneContext, found: FoundFreeze): Promise<Amount> {
  const { signature, contract, log } = found;
  if (found.amount !== null) {
    const decimals = contract.decimals ?? (await balanceOf(context, found, null)).decimals;
    return decimals === null ? UNAVAILABLE : { amount: tokensText(found.amount, decimals), amountSource: "event" };
  }
  if (signature.type === "unblacklist") return UNAVAILABLE;
  const { units, decimals } = await balanceOf(context, found, signature.wipes ? log.blockNumber - 1 : null);
  const places = contract.decimals ?? decimals;
  if (units === null || places === null) return UNAVAILABLE;
  return {
    amount: tokensText(BigInt(units), places),
    amountSource: signature.wipes ? "historical_balance" : "current_balance_snapshot",
  };
}
