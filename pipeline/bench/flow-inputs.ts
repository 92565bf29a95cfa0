/** What the benchmarks of flows work on: ten contracts, and answers of a node with as many logs each as big providers give at most. */
import { numberToHex } from "viem";
import { type FlowContract, flowContracts } from "../flows/contracts.ts";
import { benchRegistry } from "../test-support/lane-bench.ts";

export const LOGS = 100_000;
export const CONTRACTS = 10;
export const START_SEC = Date.UTC(2026, 10, 20) / 1000;
const LOGS_PER_ANSWER = 10_000;
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

const address = (i: number) => numberToHex(0xf000 + i, { size: 20 });
const word = (value: bigint) => numberToHex(value, { size: 32 });
export const hash = (i: number) =>
  word(((BigInt(i) + 1n) * 0x9e3779b97f4a7c15f39cc0605cedc8341082276bf3a27251f86c6a11d0c18e95n) % 2n ** 256n);

export function contracts(): FlowContract[] {
  const chain = { id: "eip155:31337", slug: "anvil", name: "Anvil", blockTimeSec: 12 };
  const coins = Array.from({ length: CONTRACTS }, (_, i) => ({
    id: `coin-${i}`,
    symbol: `C${i}`,
    contracts: [{ address: address(i), decimals: 18, events: ["transfer" as const] }],
  }));
  return flowContracts(benchRegistry(chain, coins));
}

export const PRICES = {
  history: Object.fromEntries(
    Array.from({ length: CONTRACTS }, (_, i) => [`coin-${i}`, [{ snapshotDate: START_SEC - 86_400, price: 1 }]]),
  ),
  current: {},
  currentUpdatedAt: {},
  runTimestamp: START_SEC,
};

/** Answers as text. */
export function recordedAnswers(): string[] {
  return Array.from({ length: LOGS / LOGS_PER_ANSWER }, (_, nth) =>
    JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      result: Array.from({ length: LOGS_PER_ANSWER }, (_, j) => {
        const i = nth * LOGS_PER_ANSWER + j;
        return {
          address: address(i % CONTRACTS),
          topics:
            i % 3 === 0
              ? [TRANSFER, word(BigInt(i % 500) + 9n), word(0n)]
              : [TRANSFER, word(0n), word(BigInt(i % 500) + 9n)],
          data: word((BigInt(i % 9973) + 10_000n) * 10n ** 18n),
          blockNumber: numberToHex(Math.floor(i / 10)),
          blockHash: hash(Math.floor(i / 10)),
          blockTimestamp: numberToHex(START_SEC + Math.floor(i / 10)),
          transactionHash: hash(i),
          transactionIndex: "0x0",
          logIndex: numberToHex(i % 300),
          removed: false,
        };
      }),
    }),
  );
}
