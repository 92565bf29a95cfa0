/** Silence that is not believed: a contract that always has events shows none. */
import type { ScanLog } from "../sources/scan-log.ts";
import type { ChainNode } from "./chain-node.ts";
import type { FlowContract } from "./contracts.ts";
import { readRange } from "./read-range.ts";
import type { ScanJob } from "./scan-job.ts";

/** A contract from which this many events were to be expected is never silent by chance. */
const BUSY_EVENTS = 20;

/** A node that shows nothing of a contract that is never silent is not believed where another one shows something. */
export async function silentBusyContract(
  job: ScanJob,
  node: ChainNode,
  contracts: readonly FlowContract[],
  logs: readonly ScanLog[],
  { from, to }: { from: number; to: number },
): Promise<string | null> {
  const seconds = (to - from + 1) * job.blockTimeSec;
  const seen = new Set(logs.map(({ address }) => address));
  const silent = contracts.filter(
    (contract) => !seen.has(contract.address) && job.expectedEvents(contract, seconds) >= BUSY_EVENTS,
  );
  if (silent.length === 0) return null;
  const names = silent.map(({ symbol }) => symbol).join(", ");
  for (const second of job.nodes) {
    if (second.id === node.id) continue;
    const again = await readRange(second, silent, { fromBlock: from, toBlock: to }, job.budget, job.limit);
    if (again.complete) return again.logs.length > 0 ? `${node.id} hides events of ${names}` : null;
  }
  return `${node.id} shows no event of ${names}, which are never silent, and no second node confirms it`;
}
