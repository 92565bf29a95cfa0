/**
 * New contracts before they are read: is there a token, and has it the decimals the registry says?
 *
 * A contract that fails is set aside with its reason and tried again later; the others are read all the same.
 */
import type { LaneContext } from "../lane.ts";
import { erc20Supply } from "../sources/erc20-supply.ts";
import type { FlowContract } from "./contracts.ts";

export interface Verdict {
  /** Key to why it cannot be read. */
  refused: Map<string, string>;
  verified: string[];
  /** Trouble with the node: nothing is known of the rest. */
  trouble: string | null;
}

export async function verifyContracts(
  context: Pick<LaneContext, "collect">,
  caip: string,
  contracts: readonly FlowContract[],
): Promise<Verdict> {
  const verdict: Verdict = { refused: new Map(), verified: [], trouble: null };
  const tokens = contracts.filter((contract) => contract.adapterKind !== "custom-events");
  for (const { key, adapterKind } of contracts) if (adapterKind === "custom-events") verdict.verified.push(key);
  if (tokens.length === 0) return verdict;
  const asked = await context.collect(erc20Supply, {
    chain: caip,
    tokens: tokens.map(({ address }) => ({ address })),
  });
  if (!asked.ok && asked.reason !== "unusable") return { ...verdict, trouble: asked.detail };
  const found = new Map(asked.ok ? asked.value.tokens.map((token) => [token.address, token]) : []);
  for (const { key, address, decimals } of tokens) {
    const token = found.get(address);
    if (token?.totalSupply == null || token.decimals === null)
      verdict.refused.set(key, "no token answers at this address");
    else if (token.decimals !== decimals)
      verdict.refused.set(key, `the contract has ${token.decimals} decimals, the registry says ${decimals}`);
    else verdict.verified.push(key);
  }
  return verdict;
}
