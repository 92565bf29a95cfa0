/**
 * Do the events explain the supply? Once a day the total supply of every token is compared at two final blocks: what it moved
 * by must be what was minted less what was burned in between, dust included. A difference is published, not hidden.
 */

import { scaleUnits } from "../flow-figures.ts";
import type { LaneContext } from "../lane.ts";
import { erc20Supply } from "../sources/erc20-supply.ts";
import type { ScanLog } from "../sources/scan-log.ts";
import type { Budget } from "../sources/split-range.ts";
import { utcDay } from "../time.ts";
import type { FlowContract } from "./contracts.ts";
import { matches } from "./event-definitions.ts";
import { amountUnitsOf } from "./parse-logs.ts";
import { readRange } from "./read-range.ts";
import type { ChainScan } from "./scan-job.ts";
import type { FlowsState } from "./state.ts";

const KEPT_DIFFERENCES = 10;

/** Minted less burned, in base units, of logs within blocks. */
export function netUnits(contract: FlowContract, logs: readonly ScanLog[], fromBlock: number, toBlock: number): bigint {
  let net = 0n;
  for (const log of logs) {
    if (log.address !== contract.address || log.blockNumber < fromBlock || log.blockNumber > toBlock) continue;
    for (const definition of contract.definitions)
      if (matches(definition, log.topics))
        net += (definition.direction === "mint" ? 1n : -1n) * (amountUnitsOf(definition, log.data) ?? 0n);
  }
  return net;
}

export async function checkConservation(
  context: Pick<LaneContext, "collect" | "nowSec">,
  state: FlowsState,
  chain: { chainId: string; caip: string; contracts: readonly FlowContract[] },
  scan: ChainScan,
  budget: Budget,
): Promise<void> {
  const day = utcDay(context.nowSec);
  const before = state.supplyCheck[chain.chainId];
  const { block: toBlock, timestamp } = scan.cursor;
  if (before?.day === day || (before !== undefined && toBlock <= before.block)) return;
  const tokens = chain.contracts.filter(({ adapterKind }) => adapterKind !== "custom-events");
  if (tokens.length === 0) return;
  budget.count += 1;
  const asked = await context.collect(erc20Supply, {
    chain: chain.caip,
    tokens: tokens.map(({ address }) => ({ address })),
    block: { number: BigInt(toBlock), timestamp },
  });
  if (!asked.ok) return;
  const supplies = new Map(asked.value.tokens.map(({ address, totalSupply }) => [address, totalSupply]));
  const units = Object.fromEntries(
    tokens.flatMap(({ key, address }) => {
      const supply = supplies.get(address);
      return supply == null ? [] : [[key, supply]];
    }),
  );
  const fromBlock = (before?.block ?? toBlock) + 1;
  if (before !== undefined) {
    const isAtHand = fromBlock >= scan.fromBlock;
    const limit = { blocks: state.chains[chain.chainId]?.rangeLimit ?? toBlock };
    const read = isAtHand
      ? { logs: scan.logs, complete: true }
      : await readRange(scan.node, tokens, { fromBlock, toBlock }, budget, limit);
    // Half a reading proves nothing: the old supply stays, and tomorrow's check covers both days.
    if (!read.complete) return;
    for (const contract of tokens) {
      const [then, now] = [before.units[contract.key], units[contract.key]];
      if (then === undefined || now === undefined) continue;
      const difference = BigInt(now) - BigInt(then) - netUnits(contract, read.logs, fromBlock, toBlock);
      if (difference === 0n) continue;
      const found = { fromBlock, toBlock, differenceTokens: scaleUnits(difference, contract.decimals) };
      state.differences[contract.key] = [...(state.differences[contract.key] ?? []), found].slice(-KEPT_DIFFERENCES);
    }
  }
  state.supplyCheck[chain.chainId] = { day, block: toBlock, units };
}
