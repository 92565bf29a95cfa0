/**
 * Prices of the past: events whose valuation is incomplete get the price of their own day, never today's.
 *
 * A row that has a price but not where it came from only gets that note; its USD stays.
 */
import { flowId } from "../flow-figures.ts";
import type { LaneContext } from "../lane.ts";
import type { FlowEventRow, HourlyFlowRow } from "../schema/flows.ts";
import { SUPPLY_HISTORY, type SupplyHistoryRow } from "../schema/history.ts";
import { startOfUtcDay } from "../time.ts";
import { rebuildHours } from "./rebuild-hours.ts";
import type { FlowsState } from "./state.ts";

export interface PriceRepair {
  totalUpdated: number;
  rowsValued: number;
  rowsAudited: number;
  rowsStillUnpriced: number;
  rowsStillMissingAudit: number;
  coins: {
    id: string;
    updated: number;
    valued: number;
    audited: number;
    stillUnpriced: number;
    stillMissingAudit: number;
  }[];
}

export async function repairPrices(
  context: LaneContext,
  state: FlowsState,
): Promise<{ report: PriceRepair; events: FlowEventRow[]; hours: HourlyFlowRow[] }> {
  const store = await context.store();
  const incomplete = (await store.query(
    `SELECT * REPLACE (CAST(amountUnits AS VARCHAR) AS amountUnits) FROM mint_burn_events
     WHERE priceUsed IS NULL OR priceTimestamp IS NULL OR priceSource IS NULL
     ORDER BY coinId, timestamp, blockNumber, logIndex`,
  )) as unknown as FlowEventRow[];
  const first = incomplete.reduce((least, { timestamp }) => Math.min(least, timestamp), context.nowSec);
  const days = new Map(
    (await context.history<SupplyHistoryRow>(SUPPLY_HISTORY, startOfUtcDay(first))).map((row) => [
      `${row.coinId}|${startOfUtcDay(row.date)}`,
      row,
    ]),
  );
  const coins = new Map<string, PriceRepair["coins"][number]>();
  const events: FlowEventRow[] = [];
  const valued: FlowEventRow[] = [];
  for (const row of incomplete) {
    const coin = coins.get(row.coinId) ?? {
      id: row.coinId,
      updated: 0,
      valued: 0,
      audited: 0,
      stillUnpriced: 0,
      stillMissingAudit: 0,
    };
    coins.set(row.coinId, coin);
    if (row.priceUsed !== null) {
      events.push({
        ...row,
        priceTimestamp: row.priceTimestamp ?? context.nowSec,
        priceSource: row.priceSource ?? "backfill-derived-amount-usd",
        revision: context.nowSec,
      });
      coin.audited += 1;
      coin.updated += 1;
      continue;
    }
    const day = days.get(`${row.coinId}|${startOfUtcDay(row.timestamp)}`);
    if (day?.priceUsd == null) {
      coin.stillUnpriced += 1;
      coin.stillMissingAudit += 1;
      continue;
    }
    const repaired: FlowEventRow = {
      ...row,
      priceUsed: day.priceUsd,
      priceTimestamp: day.date,
      priceSource: "backfill-supply-history-daily",
      revision: context.nowSec,
    };
    events.push(repaired);
    valued.push(repaired);
    coin.valued += 1;
    coin.updated += 1;
  }
  const list = [...coins.values()];
  const sum = (of: (coin: PriceRepair["coins"][number]) => number) => list.reduce((total, coin) => total + of(coin), 0);
  if (new Set(events.map(flowId)).size !== events.length) throw new Error("an event is repaired twice");
  return {
    report: {
      totalUpdated: sum(({ updated }) => updated),
      rowsValued: sum(({ valued: rows }) => rows),
      rowsAudited: sum(({ audited }) => audited),
      rowsStillUnpriced: sum(({ stillUnpriced }) => stillUnpriced),
      rowsStillMissingAudit: sum(({ stillMissingAudit }) => stillMissingAudit),
      coins: list,
    },
    events,
    hours: await rebuildHours(context, state, valued),
  };
}
