/** `flows:receipt` of the conformance page: what a recorded receipt, or logs, amount to under the method. */

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { detectionOf } from "../bridge-detection.ts";
import { flowId } from "../flow-figures.ts";
import { loadRegistry } from "../registry/registry.ts";
import { type EvmLog, readLogs } from "../sources/evm-log.ts";
import { parseJson } from "../sources/json.ts";
import { ethGetTransactionReceipt } from "../sources/json-rpc-reads.ts";
import type { TxContext } from "./classify-bridge.ts";
import { type FlowContract, flowContracts } from "./contracts.ts";
import { definitionsOf } from "./event-definitions.ts";
import { readRows } from "./read-rows.ts";

const GivenContract = z.object({
  coin: z.string(),
  address: z.string().toLowerCase(),
  decimals: z.int().nonnegative(),
  bridge: z.enum(["cctp", "ccip", "layerzero-oft"]).nullish(),
});

const ReceiptInput = z.object({
  file: z.string().optional(),
  logs: z.array(z.unknown()).optional(),
  format: z.string().optional(),
  chain: z.string(),
  contracts: z.array(GivenContract).nullish(),
  dustThreshold: z.number().nullish(),
});

const DEFAULT_DUST = 10_000;
const HOME = resolve(import.meta.dirname, "..", "..", "data");

type Contract = Pick<
  FlowContract,
  "coinId" | "chainId" | "address" | "decimals" | "dustThreshold" | "definitions" | "detection"
>;

let configured: FlowContract[] | null = null;

function contractsOf(input: z.output<typeof ReceiptInput>): Contract[] {
  const given = input.contracts?.map(
    ({ coin, address, decimals, bridge }): Contract => ({
      coinId: coin,
      chainId: input.chain,
      address,
      decimals,
      dustThreshold: DEFAULT_DUST,
      definitions: definitionsOf(["transfer"]),
      detection: bridge ? detectionOf({ protocol: bridge, addresses: [] }) : null,
    }),
  );
  configured ??= given ? null : flowContracts(loadRegistry(HOME));
  const contracts = given ?? (configured ?? []).filter(({ chainId }) => chainId === input.chain);
  return contracts.map((contract) => ({ ...contract, dustThreshold: input.dustThreshold ?? contract.dustThreshold }));
}

function logOfLine(line: string): unknown {
  const { address, topics, data, block_number, transaction_hash, log_index } = JSON.parse(line) as Record<
    string,
    unknown
  >;
  return { address, topics, data, blockNumber: block_number, transactionHash: transaction_hash, logIndex: log_index };
}

async function readInput(
  input: z.output<typeof ReceiptInput>,
  dir: string,
): Promise<{ logs: EvmLog[]; to: string | null }> {
  const source = "flows:receipt";
  if (input.file === undefined) return { ...readLogs(input.logs ?? [], source), to: null };
  const text = await readFile(resolve(dir, input.file), "utf8");
  if (input.format !== "logs-ndjson") return ethGetTransactionReceipt.parse(parseJson(text, source), {});
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return { ...readLogs(lines.map(logOfLine), source), to: null };
}

export async function flowsReceipt(given: unknown, { dir }: { dir: string }): Promise<unknown> {
  const input = ReceiptInput.parse(given);
  const { logs: all, to } = await readInput(input, dir);
  // A log that stands there twice is one event.
  const logs = [...new Map(all.map((log) => [`${log.transactionHash}-${log.logIndex}`, log])).values()];
  const byTx = Map.groupBy(logs, ({ transactionHash }) => transactionHash);
  const contexts = (txHash: string): TxContext => {
    const own = byTx.get(txHash) ?? [];
    return {
      to,
      inputSelector: null,
      logTopics: own.flatMap(({ topics }) => topics),
      logAddresses: own.map(({ address }) => address),
    };
  };
  const prices = { history: {}, current: {}, currentUpdatedAt: {}, runTimestamp: 0 };
  const { rows } = readRows(contractsOf(input), logs, { blockTimes: () => 1, prices, contexts });
  return {
    rows: rows.map((row) => ({
      id: flowId(row),
      direction: row.direction,
      coin: row.coinId,
      amount: row.amount,
      counterparty: row.counterparty,
      flowType: row.flowType,
      burnType: row.burnType,
    })),
  };
}
