/** DefiLlama's daily chart, of all coins together or of one, and the detail page's history in native units. */
import type { SimCoin } from "../coin.ts";
import { round2 } from "../upstream.ts";
import type { World } from "../world.ts";
import { type ByPeg, listedCoins } from "./defillama-list.ts";

const DAY_SEC = 86_400;
/** The chart reaches this far before the world's start. */
const CHART_LEAD_DAYS = 400;

/** Every UTC midnight of the chart up to now. */
function chartDaysOf(world: World, nowSec: number, leadDays = CHART_LEAD_DAYS): number[] {
  const days: number[] = [];
  const firstDay = Math.floor(world.epochSec / DAY_SEC - leadDays) * DAY_SEC;
  for (let day = firstDay; day <= nowSec; day += DAY_SEC) days.push(day);
  return days;
}

/** Days never change, so each world keeps the text of the days it has once added up. */
const chartDays = new WeakMap<World, Map<string, string>>();

function chartPoint(world: World, coins: readonly SimCoin[], day: number): string {
  const [native, usd]: [ByPeg, ByPeg] = [{}, {}];
  for (const coin of coins) {
    const units = world.circulatingUnits(coin.id, day);
    if (units === 0) continue;
    const peg = coin.peg.type;
    const rate = world.truePriceUsd(coin.id, day) ?? 0;
    native[peg] = (native[peg] ?? 0) + units;
    usd[peg] = (usd[peg] ?? 0) + units * rate;
  }
  const zeros: ByPeg = {};
  for (const peg of Object.keys(native)) {
    native[peg] = round2(native[peg]!);
    usd[peg] = round2(usd[peg]!);
    zeros[peg] = 0;
  }
  return JSON.stringify({
    date: String(day),
    totalCirculating: native,
    totalUnreleased: zeros,
    totalCirculatingUSD: usd,
    totalMintedUSD: zeros,
    totalBridgedToUSD: zeros,
  });
}

/** The chart as JSON text: a megabyte that is mostly known already. */
export function chartText(world: World, llamaId: string | null, nowSec: number): string {
  const coins = listedCoins(world).filter((coin) => llamaId === null || coin.ids.defillama === llamaId);
  const known = chartDays.get(world) ?? new Map<string, string>();
  chartDays.set(world, known);
  const leadDays = llamaId === null ? CHART_LEAD_DAYS : (world.coinChartDays ?? CHART_LEAD_DAYS);
  const points = chartDaysOf(world, nowSec, leadDays).map((day) => {
    const key = `${llamaId ?? "all"}/${day}`;
    const point = known.get(key) ?? chartPoint(world, coins, day);
    known.set(key, point);
    return point;
  });
  return `[${points.join(",")}]`;
}

/** Units of one coin day by day: the detail page is in native units, unlike the list. */
export function historyOf(world: World, coin: SimCoin, nowSec: number): object[] {
  return chartDaysOf(world, nowSec).map((day) => ({
    date: day,
    circulating: { [coin.peg.type]: world.circulatingUnits(coin.id, day) },
  }));
}
