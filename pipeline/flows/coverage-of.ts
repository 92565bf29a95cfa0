/** The coverage of a coin out of what the state knows of its contracts. */
import type { FlowCoverage } from "../schema/flows.ts";
import type { FlowContract } from "./contracts.ts";
import { coverageStatus, scopeLabel } from "./coverage.ts";
import type { FlowsState } from "./state.ts";

const CONFIDENCES = ["low", "medium", "high"] as const;

export interface ChainFacts {
  headBlock: number | null;
  nameOf: (chainId: string) => string;
}

/** Last block up to which a contract was read. */
function lastBlockOf(contract: FlowContract, state: FlowsState): number {
  const known = state.contracts[contract.key];
  const chain = state.chains[contract.chainId];
  if (known === undefined || chain === undefined) return contract.startBlock - 1;
  return known.behind ?? chain.block;
}

export function coverageOf(
  contracts: readonly FlowContract[],
  state: FlowsState,
  firstHourTs: number | null,
  nowSec: number,
  heads: ReadonlyMap<string, number | null>,
  nameOf: (chainId: string) => string,
): FlowCoverage {
  const chainIds = [...new Set(contracts.map(({ chainId }) => chainId))].sort();
  const lastBlocks = contracts.map((contract) => ({ contract, block: lastBlockOf(contract, state) }));
  const lastSyncedBlock = Math.min(...lastBlocks.map(({ block }) => block));
  const lags = lastBlocks.flatMap(({ contract, block }) => {
    const head = heads.get(contract.chainId);
    return head == null ? [] : [Math.max(0, head - block)];
  });
  const lagBlocks = lags.length > 0 ? Math.max(...lags) : null;
  const startBlock = Math.min(...contracts.map((contract) => contract.startBlock));
  const verdict = coverageStatus({
    nowSec,
    startBlock,
    lastSyncedBlock,
    chainHead: lagBlocks === null ? null : lastSyncedBlock + lagBlocks,
    historyStartAt: firstHourTs,
    disabled: contracts.every(({ enabled }) => !enabled),
  });
  const sources = [...new Set(contracts.map(({ startBlockSource }) => startBlockSource))];
  return {
    chainIds,
    scopeLabel: scopeLabel(chainIds, nameOf),
    startBlock,
    lastSyncedBlock,
    historyStartAt: firstHourTs,
    ...verdict,
    adapterKinds: [...new Set(contracts.map(({ adapterKind }) => adapterKind))].sort(),
    startBlockSource: sources.length === 1 ? (sources[0] as string) : "mixed",
    startBlockConfidence:
      CONFIDENCES.find((confidence) => contracts.some((contract) => contract.startBlockConfidence === confidence)) ??
      "low",
    deferred: contracts.flatMap(({ key }) => {
      const deferral = state.deferrals[key];
      return deferral && deferral.until > nowSec ? [`${key}: ${deferral.reason}`] : [];
    }),
    supplyDifferences: contracts.flatMap(({ key, address }) =>
      (state.differences[key] ?? []).map((difference) => ({ contract: address, ...difference })),
    ),
  };
}
