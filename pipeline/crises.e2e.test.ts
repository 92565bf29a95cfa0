import { describe, expect, it } from "vitest";
import { liveCrisisWorld } from "./test-support/crisis-world.ts";

const SEEDS = Array.from({ length: 16 }, (_, i) => i + 1);

describe("crises with one upstream broken at a time and venues that lie", () => {
  let judged = 0;
  it.each(SEEDS)(
    "every depeg that lasts is found within two runs, none is invented or ended early, seed %i",
    async (seed) => {
      const account = await liveCrisisWorld(seed);
      judged += account.judged;
      expect(account.wrong.slice(0, 5), `npm run bench -- --only crises --seed ${seed}`).toEqual([]);
    },
    120_000,
  );

  it("had depegs to find in these worlds", () => expect(judged).toBeGreaterThan(20));
});
