import { expect, test } from "vitest";
import { blockProblem } from "./block-age.ts";

const NOW = 1_780_000_000;

test("a block speaks of now for an hour, and no clock is believed that runs ten minutes before ours", () => {
  expect(blockProblem("eip155:1", NOW - 3600, NOW)).toBeNull();
  expect(blockProblem("eip155:1", NOW + 600, NOW)).toBeNull();
  expect(blockProblem("eip155:1", NOW - 3601, NOW)).toMatch(/^eip155:1: .* 60 minutes old/);
  expect(blockProblem("eip155:1", NOW + 780, NOW)).toMatch(/13 minutes ahead of our clock/);
});
