import { describe, expect, it } from "vitest";
import { rangeHint } from "./range-hint.ts";

/** Refusals of a question for blocks 1,000,000 to 1,049,999, as providers word them. */
const REFUSALS: readonly [provider: string, message: string, toBlock: number | null, blocks: number | null][] = [
  [
    "Alchemy",
    "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the response size, or you can request any block range with a cap of 10K logs in the response. Based on your parameters and the response size limit, this block range should work: [0xf4240, 0xf4628]",
    1_001_000,
    null,
  ],
  ["Infura", "query returned more than 10000 results. Try with this block range [0xF4240, 0xF4628].", 1_001_000, null],
  ["QuickNode", "eth_getLogs is limited to a 10,000 range", null, 10_000],
  ["publicnode", "exceed maximum block range: 50000", null, null],
  ["publicnode, less", "exceed maximum block range: 2000", null, 2000],
  ["Ankr", "block range is too wide", null, null],
  ["dRPC", "ranges over 10000 blocks are not supported on freetier", null, 10_000],
  ["Base", "block range greater than 2000 max", null, 2000],
  ["Tenderly", "block range exceeds the limit of 1000", null, 1000],
  ["Chainstack", "Block range limit exceeded. See more details at https://docs.example.org/limits", null, null],
  ["a node", "query returned more than 10000 results", null, null],
  ["a node", "query timeout exceeded 10 s", null, null],
];

describe("a refusal's hint", () => {
  it.each(REFUSALS)("of %s is read: %s", (_provider, message, toBlock, blocks) => {
    expect(rangeHint(message, 1_000_000, 1_049_999)).toEqual({ toBlock, blocks });
  });

  it("is not taken when it suggests what was asked, or another place", () => {
    expect(rangeHint("try [0xf4240, 0x10058f]", 1_000_000, 1_049_999).toBlock).toBeNull();
    expect(rangeHint("try [0x1, 0x2]", 1_000_000, 1_049_999).toBlock).toBeNull();
  });
});
