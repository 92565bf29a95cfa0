import fc from "fast-check";
import { expect, test } from "vitest";
import { chainlinkDecode, chainlinkUsable } from "./chainlink-round.ts";

const word = (value: bigint) => BigInt.asUintN(256, value).toString(16).padStart(64, "0");

test("any signed answer survives the words, with or without 0x and the last word", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 255n), max: 2n ** 255n - 1n }), fc.nat(), (answer, updatedAt) => {
      const words = [1n, answer, 0n, BigInt(updatedAt)].map(word).join("");
      const expected = { answer: answer.toString(), updatedAt };
      expect(chainlinkDecode(`0x${words}${word(1n)}`)).toEqual(expected);
      expect(chainlinkDecode(words)).toEqual(expected);
    }),
  );
});

test("fewer than four words are no round", () => {
  for (const hex of ["", "0x", "0x00", `0x${word(1n).repeat(3)}`, "nonsense"]) expect(chainlinkDecode(hex)).toBeNull();
});

test("an answer is used up to its age limit and only above zero", () => {
  expect(chainlinkUsable("115820000", 8, 1_000, 600, 1_600)).toBe(1.1582);
  expect(chainlinkUsable("115820000", 8, 1_000, 600, 1_601)).toBeNull();
  for (const answer of ["0", "-1", "", "1.5", "0x10"]) expect(chainlinkUsable(answer, 8, 1_000, 600, 1_000)).toBeNull();
  expect(chainlinkUsable("1", 8, 0, 1e12, 1_000)).toBeNull();
});
