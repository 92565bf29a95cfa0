import { describe, expect, it, vi } from "vitest";
import { backfillSupply } from "../cli/backfill-supply-command.ts";
import { openStore } from "../store/store.ts";
import { START_SEC, smallWorld } from "../test-support/small-world.ts";
import { isoSeconds } from "../time.ts";
import { verifyData } from "../verify.ts";
import { missingDays } from "./backfill-supply.ts";

const DAY = 86_400;
const point = (day: number, circulatingUsd: number | null, hour = 0) => ({
  date: day * DAY + hour * 3_600,
  circulatingUsd,
  byPegType: {},
});

describe("days that the record lacks", () => {
  const window = { fromSec: 2 * DAY, toSec: 5 * DAY };

  it("are those of the window without a row, by the last point of the day; what cannot be a supply is counted", () => {
    const points = [
      point(1, 1),
      point(2, 10),
      point(2, 11, 20),
      point(3, 12),
      point(4, -1),
      point(5, 1e300),
      point(6, 9),
    ];
    expect(missingDays("a-coin", points, new Set([3 * DAY]), window)).toEqual({
      rows: [{ date: 2 * DAY, coinId: "a-coin", circulatingUsd: 11, priceUsd: null }],
      known: 1,
      refused: 2,
    });
  });

  it("are none where the chart says nothing", () => {
    expect(missingDays("a-coin", [point(2, null)], new Set(), window)).toEqual({ rows: [], known: 0, refused: 0 });
  });
});

it("the command fills them in, a second time adds nothing, and no row that was there is touched", async () => {
  const world = await smallWorld({ coins: 60 });
  try {
    await world.run(START_SEC);
    await world.run(START_SEC + DAY);
    const coin = world.registry.coins.find(({ ids, peg }) => ids.defillama && peg.currency === "USD")?.id as string;
    const rows = async () => {
      const store = await openStore(world.dataDir);
      try {
        return await store.query(
          "SELECT date, circulatingUsd, priceUsd FROM supply_history WHERE coinId = $coin ORDER BY date",
          { coin },
        );
      } finally {
        store.close();
      }
    };
    const before = await rows();
    expect(before).toHaveLength(2);
    const flags = {
      data: world.dataDir,
      upstreams: world.upstreamsFile,
      now: isoSeconds(START_SEC + DAY + 60),
      commit: false,
      coin,
      days: "10",
    };
    const write = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
    expect(await backfillSupply(flags)).toBe(0);
    const after = await rows();
    expect(await backfillSupply({ ...flags, now: isoSeconds(START_SEC + DAY + 120) })).toBe(0);
    write.mockRestore();
    expect(after.length).toBeGreaterThan(before.length);
    expect(after.length).toBeLessThanOrEqual(11);
    expect(after.filter(({ priceUsd }) => priceUsd !== null)).toEqual(before);
    expect(await rows()).toEqual(after);
    expect((await verifyData(world.dataDir)).problems).toEqual([]);
  } finally {
    await world.close();
  }
}, 60_000);
