import { describe, expect, it } from "vitest";
import { causeWord, freshnessCauses, type Watched } from "./freshness.ts";

const at = (over: Partial<Watched>): Watched => ({
  dataset: "stablecoins",
  lane: "prices",
  intervalSec: 1800,
  asOf: 0,
  status: "fresh",
  reasons: [],
  ...over,
});

describe("the freshness banner", () => {
  it("is silent up to eight intervals, late up to twelve, then stale", () => {
    expect(freshnessCauses([at({})], 8 * 1800)).toEqual([]);
    expect(freshnessCauses([at({})], 8 * 1800 + 1)[0]?.status).toBe("degraded");
    expect(freshnessCauses([at({})], 12 * 1800 + 1)[0]?.status).toBe("stale");
  });

  it("says one thing a cause: two datasets of one lane are one line", () => {
    const causes = freshnessCauses(
      [at({}), at({ dataset: "price-quotes" }), at({ dataset: "supply", lane: "supply" })],
      1e6,
    );
    expect(causes.map((cause) => cause.key)).toEqual(["late:prices", "late:supply"]);
  });

  it("the data's own word stands although it is young, worst first", () => {
    const reasons = [{ code: "one-source", message: "only one source answered" }];
    const causes = freshnessCauses([at({ status: "degraded", reasons }), at({ lane: "fx", status: "stale" })], null);
    expect(causes.map((cause) => [cause.key, cause.status])).toEqual([
      ["said:fx", "stale"],
      ["said:one-source", "degraded"],
    ]);
  });
});

describe("the word of a cause", () => {
  it("is late for what is old, degraded for what a run said of itself, stale for both at their worst", () => {
    expect(causeWord({ key: "late:prices", status: "degraded" })).toBe("Late.");
    expect(causeWord({ key: "said:no-fx-rates", status: "degraded" })).toBe("Degraded.");
    expect(causeWord({ key: "said:no-fx-rates", status: "stale" })).toBe("Stale.");
  });
});
