/**
 * Freezes of one EVM chain: every contract of it in one question a range, from the cursor to a quarter of an hour behind the head.
 *
 * The cursor moves only over ranges whose logs were read whole, for all signatures of all contracts at once. A node that refuses
 * a range is asked for less, then the next node is asked; what was not reached is reached in a later run.
 */
import type { LaneContext } from "../lane.ts";
import type { Chain } from "../schema/chain.ts";
import type { EvmLog } from "../sources/evm-log.ts";
import { ethGetBlockByNumber, ethGetLogs } from "../sources/json-rpc-reads.ts";
import type { FreezeContract } from "./contracts.ts";
import { type DecodedFreeze, decodeFreeze, topicsOf } from "./decode.ts";

const MARGIN_SEC = 900;
const USUAL_BLOCK_SEC = 2;
/** A record begins this far back. */
const FIRST_LOOK_SEC = 86_400;
/** Asked for at first; what a node finds too wide is asked for in quarters. */
const RANGE_SEC = 6 * 3600;
const MIN_RANGE_BLOCKS = 10_000;
const MIN_BLOCKS = 50;
const MAX_QUESTIONS = 24;

export interface FoundFreeze extends DecodedFreeze {
  contract: FreezeContract;
  log: EvmLog;
  timestamp: number;
}

export interface Scanned {
  found: FoundFreeze[];
  /** Read whole up to here; null when nothing was. */
  upTo: number | null;
  /** First block of the range that was asked for. */
  from: number;
  /** About when that block was made. */
  fromSec: number;
  /** Trouble that ended it before the head; null when it was read to the end, or to as many blocks as a run reads. */
  problem: string | null;
}

/** Nodes that need no key. */
export function nodesOf(chain: Chain): string[] {
  return chain.rpc.flatMap(({ keyEnv }, index) => (keyEnv === null ? [`rpc:${chain.id}:${index}`] : []));
}

async function headOf(context: LaneContext, nodes: readonly string[]) {
  let detail = "no node";
  for (const node of nodes) {
    const head = await context.collect(ethGetBlockByNumber, { node, block: "latest" });
    if (head.ok) return { ok: true as const, node, head: head.value };
    detail = head.detail;
  }
  return { ok: false as const, detail };
}

async function logsOf(
  context: LaneContext,
  nodes: readonly string[],
  contracts: readonly FreezeContract[],
  from: number,
  head: number,
  range: number,
): Promise<{ logs: EvmLog[]; upTo: number | null; problem: string | null }> {
  const filter = {
    address: [...new Set(contracts.map(({ address }) => address))].sort(),
    topics: [topicsOf(contracts.map(({ family }) => family))],
  };
  const logs: EvmLog[] = [];
  let [next, size, place] = [from, range, 0];
  let problem: string | null = null;
  for (let question = 0; question < MAX_QUESTIONS && next <= head; question++) {
    const node = nodes[place];
    if (node === undefined) break;
    const toBlock = Math.min(head, next + size - 1);
    const answer = await context.collect(ethGetLogs, { ...filter, node, fromBlock: next, toBlock });
    if (answer.ok) {
      logs.push(...answer.value.logs);
      next = toBlock + 1;
      problem = null;
    } else {
      problem = answer.detail;
      if (size > MIN_BLOCKS && toBlock > next) size = Math.max(MIN_BLOCKS, Math.floor(size / 4));
      else {
        place++;
        size = range;
      }
    }
  }
  return { logs, upTo: next > from ? next - 1 : null, problem };
}

/** Times of the blocks that hold something; null when one could not be had. */
async function timesOf(context: LaneContext, node: string, blocks: Iterable<number>) {
  const times = new Map<number, number>();
  for (const block of new Set(blocks)) {
    const answer = await context.collect(ethGetBlockByNumber, { node, block });
    if (!answer.ok) return null;
    times.set(block, answer.value.timestamp);
  }
  return times;
}

export async function scanEvm(
  context: LaneContext,
  chain: Chain,
  contracts: readonly FreezeContract[],
  cursor: number | null,
): Promise<Scanned> {
  const blockSec = chain.blockTimeSec ?? USUAL_BLOCK_SEC;
  const nothing = (problem: string): Scanned => ({ found: [], upTo: null, from: 0, fromSec: context.nowSec, problem });
  const nodes = nodesOf(chain);
  const latest = await headOf(context, nodes);
  if (!latest.ok) return nothing(latest.detail);
  const head = latest.head.number - Math.ceil(MARGIN_SEC / blockSec);
  const from = cursor === null ? Math.max(0, head - Math.floor(FIRST_LOOK_SEC / blockSec)) : cursor + 1;
  const fromSec = Math.floor(latest.head.timestamp - (latest.head.number - from) * blockSec);
  if (head < from) return { found: [], upTo: cursor, from, fromSec, problem: null };
  const order = [latest.node, ...nodes.filter((node) => node !== latest.node)];
  const { logs, upTo, problem } = await logsOf(
    context,
    order,
    contracts,
    from,
    head,
    Math.max(MIN_RANGE_BLOCKS, Math.ceil(RANGE_SEC / blockSec)),
  );

  const byAddress = new Map(contracts.map((contract) => [contract.address, contract]));
  const decoded: (DecodedFreeze & { contract: FreezeContract; log: EvmLog })[] = [];
  for (const log of logs) {
    const contract = byAddress.get(log.address);
    const freezes = contract ? decodeFreeze(log, contract.family) : [];
    if (freezes === null) return nothing(`a freeze of ${log.address} in ${log.transactionHash} cannot be read`);
    for (const freeze of freezes) if (contract) decoded.push({ ...freeze, contract, log });
  }
  const times = await timesOf(
    context,
    latest.node,
    decoded.map(({ log }) => log.blockNumber),
  );
  if (times === null) return nothing("the times of its blocks were not to be had");
  const found = decoded.map((each) => ({ ...each, timestamp: times.get(each.log.blockNumber) ?? 0 }));
  return { found, upTo, from, fromSec, problem };
}
