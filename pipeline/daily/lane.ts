/**
 * Daily: one supply row a coin and day, the aggregate market-cap history, what moved since the last morning, the
 * digest, and the sealing of closed days.
 *
 * A day is recorded only when at least 80 % of the coins that should have a supply have one, so that a bad morning is a gap
 * and not a crash of the market (guardrail 42 of the reference). Without such a day there are neither changes nor a digest.
 */
import type { Lane, LaneContext } from "../lane.ts";
import type { Reason } from "../schema/envelope.ts";
import { STABLECOIN_CHARTS, SUPPLY_HISTORY } from "../schema/history.ts";
import { defillamaCharts } from "../sources/defillama.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import { chartRows } from "./chart-rows.ts";
import { type Morning, morning } from "./digest.ts";
import { supplyHistoryRows } from "./supply-history-rows.ts";

const NO_MORNING: Morning = { history: [], state: {}, counts: {} };

/** In the first days of a year the file of the one before is read too. */
const RECENT_CHART_SEC = 30 * DAY_SEC;
/** A snapshot older than this does not speak for today. */
const MAX_SNAPSHOT_AGE_SEC = 6 * 3600;

/** The last day of the chart on record; the whole history is asked only where the last weeks hold none. */
async function newestChartDate(context: LaneContext): Promise<number | null> {
  const recent = await context.history(STABLECOIN_CHARTS, startOfUtcDay(context.nowSec) - RECENT_CHART_SEC);
  if (recent.length > 0) return recent.reduce((newest, { date }) => Math.max(newest, date), 0);
  const store = await context.store();
  const [row] = await store.query("SELECT max(date) AS newest FROM stablecoin_charts");
  return (row?.newest as number | null) ?? null;
}

export const dailyLane: Lane = {
  name: "daily",
  async run(context) {
    const { nowSec } = context;
    const reasons: Reason[] = [];
    const today = startOfUtcDay(nowSec);

    const snapshot = context.published("stablecoins");
    const isCurrent = snapshot !== null && nowSec - snapshot.asOf <= MAX_SNAPSHOT_AGE_SEC;
    const supply = supplyHistoryRows(isCurrent ? snapshot.data.peggedAssets : [], today);
    if (!isCurrent)
      reasons.push({
        code: "no-current-snapshot",
        message: "the last snapshot of the coins is too old to stand for today: no supply row was written",
      });
    else if (supply.blocked)
      reasons.push({
        code: "supply-coverage-low",
        message: `only ${supply.usable} of ${supply.eligible} coins have a supply: the day is left out`,
      });

    const charts = await context.collect(defillamaCharts, {});
    if (!charts.ok) reasons.push({ code: `defillama-charts-${charts.reason}`, message: charts.detail });
    const told = isCurrent && !supply.blocked ? await morning(context, snapshot.data) : NO_MORNING;
    const newest = await newestChartDate(context);
    const chart = chartRows(charts.ok ? charts.value.points : [], newest, today);
    reasons.push(...chart.reasons);

    return {
      status: reasons.length > 0 ? "degraded" : "ok",
      reasons,
      snapshots: {},
      history: [
        { dataset: SUPPLY_HISTORY, rows: supply.rows },
        { dataset: STABLECOIN_CHARTS, rows: chart.rows },
        ...told.history,
      ],
      state: told.state,
      counts: {
        supplyRows: supply.rows.length,
        eligible: supply.eligible,
        chartRows: chart.rows.length,
        ...told.counts,
      },
    };
  },
};
