import { describe, expect, it } from "vitest";
import { liveFlowWorld } from "./test-support/flow-world.ts";

const SEEDS = Array.from({ length: 24 }, (_, i) => i + 1);

describe("unruly worlds", () => {
  it.each(SEEDS)("leave the truth in the record, seed %i", async (seed) => {
    const account = await liveFlowWorld(seed);
    expect(account.wrong.slice(0, 5), `seed ${seed}`).toEqual([]);
    expect(account.events).toBeGreaterThan(50);
  });
});
