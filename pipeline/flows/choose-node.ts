/** Whom a scan may believe: a node that is not behind the cursor and has its block, or two that agree on another. */
import type { ChainHead } from "../sources/evm-chain.ts";
import type { ChainNode } from "./chain-node.ts";
import { type Checkpoint, isBlockOf } from "./cursor.ts";
import type { ScanJob } from "./scan-job.ts";

export interface Candidate {
  node: ChainNode;
  head: ChainHead;
}

interface Found {
  candidate: Candidate | null;
  rollback: Checkpoint | null;
  reason: string;
  apiErrors: number;
}

/** The first node that is not behind the cursor and has the cursor's block; or what two that agree say instead. */
export async function findNode(job: ScanJob, disbelieved: ReadonlySet<string>, notes: string[]): Promise<Found> {
  const { cursor, budget } = job;
  const known = cursor === null ? [] : [cursor, ...cursor.checkpoints];
  const dissenters: Candidate[] = [];
  let reason = notes.at(-1) ?? "no node is known";
  let apiErrors = 0;
  for (const node of job.nodes) {
    if (disbelieved.has(node.id)) continue;
    if (budget.count >= budget.limit) return { candidate: null, rollback: null, reason: "budget used up", apiErrors };
    budget.count += 1;
    const asked = await node.head(cursor === null ? [] : [cursor.block]);
    if (!asked.ok) {
      reason = asked.detail;
      notes.push(asked.detail);
      apiErrors += 1;
      continue;
    }
    const head = asked.value;
    if (cursor === null) return { candidate: { node, head }, rollback: null, reason: "", apiErrors };
    if (head.head.number < cursor.block) {
      reason = `${node.id} is at block ${head.head.number}, behind what was read`;
      notes.push(reason);
      apiErrors += 1;
      continue;
    }
    if (isBlockOf(cursor, head.blocks.get(cursor.block)?.hash))
      return { candidate: { node, head }, rollback: null, reason: "", apiErrors };
    reason = `${node.id} has another block ${cursor.block} than the one that was read`;
    notes.push(reason);
    apiErrors += 1;
    dissenters.push({ node, head });
  }
  const [first] = dissenters;
  const theirs = first && cursor ? first.head.blocks.get(cursor.block)?.hash : undefined;
  const agreeing = dissenters.filter(({ head }) => theirs && head.blocks.get(cursor?.block ?? -1)?.hash === theirs);
  if (first === undefined || agreeing.length < 2) return { candidate: null, rollback: null, reason, apiErrors };
  const blocks = await first.node.blocks(known.map(({ block }) => block));
  const now = new Map(blocks.ok ? blocks.value.map(({ number, hash }) => [number, hash]) : []);
  const shared = known.find((checkpoint) => isBlockOf(checkpoint, now.get(checkpoint.block)));
  if (shared === undefined)
    return { candidate: null, rollback: null, reason: `${reason}; no checkpoint is left on this chain`, apiErrors };
  return { candidate: first, rollback: shared, reason: "", apiErrors };
}
