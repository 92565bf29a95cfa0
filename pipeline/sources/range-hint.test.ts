import { describe, expect, it } from "vitest";
import { asksForLess, rangeHint } from "./range-hint.ts";

/** Refusals of a question for blocks 1,000,000 to 1,049,999, as providers word them. */
const REFUSALS: readonly [provider: string, message: string, toBlock: number | null, blocks: number | null][] = [
  [
    "Alchemy",
    "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the response size, or you can request any block range with a cap of 10K logs in the response. Based on your parameters and the response size limit, this block range should work: [0xf4240, 0xf4628]",
    1_001_000,
    null,
  ],
  [
    "Alchemy's free tier",
    "Under the Free tier plan, you can make eth_getLogs requests with up to a 10 block range. Based on your parameters, this block range should work: [0xf4240, 0xf4249]. Upgrade to PAYG for expanded block range.",
    1_000_009,
    10,
  ],
  [
    "Alchemy, in time",
    "Query timeout exceeded. Consider reducing your block range. Based on your parameters and the response size limit, this block range should work: [0xf4240, 0xf4628]",
    1_001_000,
    null,
  ],
  ["Infura", "query returned more than 10000 results. Try with this block range [0xF4240, 0xF4628].", 1_001_000, null],
  ["Infura, by range", "range 50000 exceeds limit of 10000", null, 10_000],
  ["QuickNode", "eth_getLogs is limited to a 10,000 range", null, 10_000],
  [
    "QuickNode's free plan",
    "eth_getLogs is limited to a 5 range, upgrade from discover plan at quicknode.com to increase the limit",
    null,
    5,
  ],
  ["1RPC", "eth_getLogs is limited to 0 - 50 blocks range", null, 50],
  ["reth", "query exceeds max results 20000, retry with the range 1000000-1000509", 1_000_509, null],
  ["reth, of another place", "query exceeds max results 20000, retry with the range 6000000-6000509", null, null],
  ["reth, by range", "query exceeds max block range 10000", null, 10_000],
  ["Moonbeam", "block range is too wide (maximum 1024)", null, 1024],
  ["Morph", "block range is larger than max block range, block range = 50000, max block range = 5000", null, 5000],
  ["Sei", "block range too large (50000), maximum allowed is 1000 blocks", null, 1000],
  ["BSC", "exceed maximum block range: 5000", null, 5000],
  ["a node", "requested range too large", null, null],
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

  it("may be missing: that less would do is understood all the same", () => {
    for (const message of ["requested range too large", "query exceeds max results 20000, retry with the range 7-9"])
      expect(asksForLess(message)).toBe(true);
    for (const message of ["invalid params", "range is not a number", "the method eth_getLogs does not exist"])
      expect(asksForLess(message)).toBe(false);
  });
});
