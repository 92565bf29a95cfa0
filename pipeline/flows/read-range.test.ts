import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RangeLogs, RangeRequest } from "../sources/evm-chain.ts";
import type { ScanLog } from "../sources/scan-log.ts";
import type { Asked, ChainNode } from "./chain-node.ts";
import type { FlowContract } from "./contracts.ts";
import { definitionsOf } from "./event-definitions.ts";
import { readRange } from "./read-range.ts";

type Window = Pick<RangeRequest, "fromBlock" | "toBlock" | "topics">;
const ADDRESS = `0x${"a".repeat(40)}`;
const CONTRACT = { address: ADDRESS, definitions: definitionsOf(["transfer"]) } as FlowContract;
const TOP = 10_000;
const WIDTH = 500;

const isMint = ({ topics }: Pick<Window, "topics">) => topics[1] !== null;

/** One log of each kind every seven blocks, and one at the end of a thousand that answers both questions. */
function logsOf(window: Window): ScanLog[] {
  const logs: ScanLog[] = [];
  for (let block = window.fromBlock; block <= window.toBlock; block++) {
    const isShared = block % 1000 === 0;
    if (block % 7 !== 0 && !isShared) continue;
    const nth = isShared ? 9 : isMint(window) ? 0 : 1;
    const hash = `0x${(block * 10 + nth).toString(16).padStart(64, "0")}`;
    logs.push({
      address: ADDRESS,
      topics: [],
      data: "0x",
      blockNumber: block,
      blockHash: hash,
      blockTimestamp: block,
      transactionHash: hash,
      logIndex: nth,
    });
  }
  return logs;
}

interface Given {
  /** Order in which questions that are under way are answered. */
  delay?: (nth: number) => number;
  fails?: (nth: number, window: Window) => Asked<RangeLogs> | null;
}

function nodeOf({ delay = () => 0, fails = () => null }: Given = {}) {
  const seen = { asked: 0, together: 0, most: 0 };
  const node = {
    id: "a node",
    async logs(window: Window): Promise<Asked<RangeLogs>> {
      const nth = seen.asked++;
      seen.together += 1;
      seen.most = Math.max(seen.most, seen.together);
      for (let turn = 0; turn <= delay(nth); turn++) await Promise.resolve();
      seen.together -= 1;
      return fails(nth, window) ?? { ok: true, value: { logs: logsOf(window) } };
    },
  } as unknown as ChainNode;
  return { node, seen };
}

const read = (node: ChainNode, budget = { count: 0, limit: 1000 }, toBlock = TOP) =>
  readRange(node, [CONTRACT], { fromBlock: 1, toBlock }, budget, { blocks: WIDTH });
const places = (logs: readonly ScanLog[]) => logs.map((log) => `${log.blockNumber}/${log.logIndex}`);

const whole = new Set(
  [["0x"], null].flatMap((first) => places(logsOf({ fromBlock: 1, toBlock: TOP, topics: [[], first] }))),
);

describe("windows asked together", () => {
  it("cost no call more, and give every log once in the order of the chain", async () => {
    const { node, seen } = nodeOf();
    const budget = { count: 0, limit: 1000 };
    const { logs, complete, scannedToBlock } = await read(node, budget);
    expect({ complete, scannedToBlock }).toEqual({ complete: true, scannedToBlock: TOP });
    expect(new Set(places(logs))).toEqual(whole);
    expect(logs).toHaveLength(whole.size);
    expect(logs.map(({ blockNumber }) => blockNumber)).toEqual(
      logs.map(({ blockNumber }) => blockNumber).sort((a, b) => a - b),
    );
    expect([seen.asked, budget.count]).toEqual([(2 * TOP) / WIDTH, (2 * TOP) / WIDTH]);
    expect(seen.most).toBeGreaterThan(1);
  });

  it("begin only after one was taken: a provider that refuses their size is asked once", async () => {
    const message = "eth_getLogs is limited to a 100 range";
    const { node, seen } = nodeOf({
      fails: (_, { fromBlock, toBlock }) =>
        toBlock - fromBlock + 1 > 100
          ? { ok: true, value: { refused: { message, splittable: false, hint: { toBlock: null, blocks: 100 } } } }
          : null,
    });
    expect((await read(node)).complete).toBe(true);
    expect(seen.asked).toBe(1 + (2 * TOP) / 100);
  });

  it("read the same whoever answers first, and whatever fails on the way", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(9), { minLength: 1 }),
        fc.array(fc.nat(9), { minLength: 1 }),
        async (wait, bad) => {
          const fails = (nth: number, { fromBlock, toBlock }: Window): Asked<RangeLogs> | null => {
            const kind = bad[nth % bad.length] as number;
            if (kind > 1 || fromBlock === toBlock) return null;
            const hint = { toBlock: null, blocks: kind === 0 ? null : 50 + (nth % 3) * 100 };
            return { ok: true, value: { refused: { message: "block range", splittable: true, hint } } };
          };
          const slow = await read(nodeOf({ delay: (nth) => wait[nth % wait.length] as number, fails }).node);
          const quick = await read(nodeOf({ fails }).node);
          expect(slow).toEqual(quick);
          expect(slow.scannedToBlock === TOP).toBe(slow.complete);
          const seenBy = slow.logs.filter(({ blockNumber }) => blockNumber <= slow.scannedToBlock);
          const expected = [...whole].filter((place) => Number(place.split("/")[0]) <= slow.scannedToBlock);
          expect(new Set(places(seenBy))).toEqual(new Set(expected));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("never ask more than the budget holds", async () => {
    for (const limit of [1, 2, 3, 7, 12, 39, 40]) {
      const { node, seen } = nodeOf();
      const { complete } = await read(node, { count: 0, limit });
      expect(seen.asked).toBeLessThanOrEqual(limit);
      expect(complete).toBe(limit === 40);
    }
  });
});
