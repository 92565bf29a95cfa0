import { describe, expect, it } from "vitest";
import { type Candidate, discoveryFilter, discoveryPurge, discoveryRunStatus, discoveryUpsert } from "./candidates.ts";

const NOW = 1_800_000_000;
const DAY = 86_400;
const DISMISSED: Candidate = {
  source: "coingecko",
  name: "Old",
  marketCap: 6e6,
  firstSeen: 1,
  lastSeen: 2,
  dismissed: true,
  dismissedAt: NOW - DAY,
  dismissedMcap: 6e6,
};

describe("a candidate", () => {
  it("must be untracked and above five million dollars", () => {
    const row = (id: string, marketCap: number | null) => ({ id, symbol: "abc", name: "n", marketCap });
    const rows = [row("tracked", 9e9), row("exact", 5e6), row("more", 5e6 + 1), row("", 9e9), row("none", null)];
    expect(discoveryFilter(rows, new Set(["tracked"]))).toEqual([{ ...row("more", 5e6 + 1), symbol: "ABC" }]);
  });

  it("comes back only when it grew more than tenfold", () => {
    const seen = (marketCap: number) =>
      discoveryUpsert(DISMISSED, { source: "coingecko", marketCap, name: "New" }, NOW);
    expect(seen(60e6)).toMatchObject({ dismissed: true, dismissedAt: NOW - DAY, name: "New", marketCap: 60e6 });
    expect(seen(60e6 + 1)).toMatchObject({ dismissed: false, dismissedAt: null, firstSeen: 1, lastSeen: NOW });
  });

  it("once seen by both sources stays so", () => {
    const both = discoveryUpsert(DISMISSED, { source: "defillama", marketCap: 7e6, name: "x" }, NOW);
    expect(both.source).toBe("both");
    expect(discoveryUpsert(both, { source: "coingecko", marketCap: 7e6, name: "x" }, NOW).source).toBe("both");
  });

  it("is forgotten after more than ninety days of being dismissed", () => {
    const row = (id: number, days: number, dismissed = true) => ({ id, dismissed, dismissedAt: NOW - days * DAY });
    expect(discoveryPurge([row(1, 90), row(2, 91), row(3, 400, false)], NOW)).toEqual([2]);
  });
});

describe("the weekly scan", () => {
  it("says why it did not scan", () => {
    expect(discoveryRunStatus(1, false, true)).toEqual({ status: "ok", reason: null });
    expect(discoveryRunStatus(1, false, false)).toEqual({ status: "degraded", reason: "fetch-failed" });
    expect(discoveryRunStatus(1, true, null).reason).toBe("circuit-open-no-attempt");
    expect(discoveryRunStatus(0, true, null).status).toBe("skipped");
  });
});
