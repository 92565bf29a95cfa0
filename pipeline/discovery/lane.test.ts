import { describe, expect, test } from "vitest";
import type { LaneContext } from "../lane.ts";
import { usdc } from "../registry/tiny-registry.ts";
import type { DiscoveryCandidates } from "../schema/discovery.ts";
import { discoveryLane } from "./lane.ts";

const MONDAY = Date.UTC(2026, 10, 23, 8) / 1000;
const TUESDAY = MONDAY + 86_400;
const DAY_SEC = 86_400;
const untracked = (geckoId: string | null, circulatingUsd: number) => ({
  llamaId: "9",
  geckoId,
  symbol: "new",
  name: "New Dollar",
  circulatingUsd,
});

interface World {
  nowSec: number;
  listed?: ReturnType<typeof untracked>[];
  category?: { id: string; symbol: string; name: string; marketCap: number | null }[] | "down";
  before?: DiscoveryCandidates;
  dismissals?: object[];
  circuitOpen?: boolean;
}

async function run({ nowSec, listed = [], category = [], before, dismissals = [], circuitOpen = false }: World) {
  let asked = 0;
  const context = {
    nowSec,
    registry: { coins: [usdc], corrections: dismissals },
    circuitOpen: () => circuitOpen,
    published: (name: string) =>
      name === "supply" ? { asOf: nowSec, data: { untracked: listed } } : before ? { data: before } : null,
    collect: async () => {
      asked++;
      return category === "down"
        ? { ok: false, reason: "unavailable", detail: "down" }
        : { ok: true, fetchedAt: nowSec, value: { coins: category } };
    },
  } as unknown as LaneContext;
  const result = await discoveryLane.run(context);
  const data = result.snapshots["discovery-candidates"]?.data as DiscoveryCandidates;
  return { result, data, asked };
}

describe("the discovery lane", () => {
  test("names what the list holds and the registry does not, above five million dollars", async () => {
    const { data, asked } = await run({ nowSec: TUESDAY, listed: [untracked("new-usd", 6e6), untracked(null, 5e6)] });
    expect(data.candidates).toEqual([
      expect.objectContaining({
        id: "new-usd",
        symbol: "NEW",
        source: "defillama",
        marketCapUsd: 6e6,
        firstSeen: TUESDAY,
      }),
    ]);
    expect(data.weeklyScan).toEqual({ status: "skipped", reason: null, scannedAt: null });
    expect(asked).toBe(0);
  });

  test("reads CoinGecko's category on Mondays, knows a coin that both name, and leaves out what is tracked", async () => {
    const { data } = await run({
      nowSec: MONDAY,
      listed: [untracked("new-usd", 6e6)],
      category: [
        { id: "new-usd", symbol: "new", name: "New Dollar", marketCap: 7e6 },
        { id: usdc.ids.coingecko as string, symbol: "usdc", name: "USDC", marketCap: 6e10 },
        { id: "poor-usd", symbol: "poor", name: "Poor", marketCap: null },
      ],
    });
    expect(data.candidates).toEqual([expect.objectContaining({ id: "new-usd", source: "both", marketCapUsd: 7e6 })]);
    expect(data.weeklyScan).toEqual({ status: "ok", reason: null, scannedAt: MONDAY });
  });

  test("says so on a Monday without an answer or with an open circuit, and keeps what it knew", async () => {
    const first = await run({ nowSec: MONDAY - DAY_SEC, listed: [untracked("new-usd", 6e6)] });
    const down = await run({ nowSec: MONDAY, category: "down", before: first.data });
    expect(down.result).toMatchObject({ status: "degraded", reasons: [{ code: "fetch-failed" }] });
    expect(down.data.candidates).toEqual(first.data.candidates);
    const open = await run({ nowSec: MONDAY, circuitOpen: true, before: first.data });
    expect(open.result.reasons[0]?.code).toBe("circuit-open-no-attempt");
    expect(open.asked).toBe(0);
  });

  test("puts a dismissed coin last, brings it back at ten times its size, and forgets it after ninety days", async () => {
    const dismissals = [
      {
        kind: "dismissed-candidate",
        candidate: { id: "new-usd", marketCapUsd: 6e6 },
        reportedAt: "2026-11-20",
      },
    ];
    const first = await run({ nowSec: TUESDAY, listed: [untracked("new-usd", 6e6)], dismissals });
    expect(first.data.candidates[0]).toMatchObject({ dismissed: true, dismissedMarketCapUsd: 6e6 });
    const grown = await run({
      nowSec: TUESDAY + DAY_SEC,
      listed: [untracked("new-usd", 6.1e7)],
      dismissals,
      before: first.data,
    });
    expect(grown.data.candidates[0]).toMatchObject({ dismissed: false, marketCapUsd: 6.1e7 });
    const later = await run({ nowSec: TUESDAY + 91 * DAY_SEC, dismissals, before: first.data });
    expect(later.data.candidates).toEqual([]);
  });
});
