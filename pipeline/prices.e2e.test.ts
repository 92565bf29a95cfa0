import { describe, expect, test } from "vitest";
import { livePriceWorld } from "./bench/price-worlds.ts";

describe("prices in worlds where venues drift, lie, freeze and fall silent", () => {
  test.each(Array.from({ length: 12 }, (_, index) => index + 1))(
    "seed %i keeps what a price promises (a thousand of them: npm run bench -- --only price-worlds)",
    async (seed) => {
      expect(await livePriceWorld(seed)).toEqual([]);
    },
    60_000,
  );
});
