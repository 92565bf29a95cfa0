import { keccak256, toBytes } from "viem";
import { describe, expect, it } from "vitest";
import { MintBurnEventKindSchema } from "../schema/coin.ts";
import { definitionsOf, matches, topicArray, ZERO_WORD } from "./event-definitions.ts";

describe("event definitions", () => {
  const all = definitionsOf(MintBurnEventKindSchema.options);

  it("carry the keccak-256 of their signature", () => {
    expect(all.length).toBeGreaterThanOrEqual(6);
    for (const { signature, topicHash } of all) expect(topicHash).toBe(keccak256(toBytes(signature)));
  });

  it("match a Transfer only on the side of the zero address", () => {
    const [mint, burn] = definitionsOf(["transfer"]);
    if (!mint || !burn) throw new Error("a transfer is two definitions");
    const someone = `0x${"1".padStart(64, "0")}`;
    expect(matches(mint, [mint.topicHash, ZERO_WORD, someone])).toBe(true);
    expect(matches(burn, [mint.topicHash, ZERO_WORD, someone])).toBe(false);
    expect(matches(burn, [mint.topicHash, someone, ZERO_WORD])).toBe(true);
    expect(matches(mint, [mint.topicHash, someone, someone])).toBe(false);
  });

  it("leave gaps of a topic filter open", () => {
    expect(topicArray([{ index: 2, value: "0x1" }])).toEqual([null, null, "0x1"]);
    expect(topicArray([])).toEqual([]);
  });
});
