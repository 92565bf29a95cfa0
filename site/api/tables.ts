/** CSV twins: the same facts as the JSON files, one table each. */
import type { CoinSupply } from "../../pipeline/schema/supply.ts";
import type { Table } from "../lib/csv.ts";
import { changeRatio } from "../lib/format.ts";
import { type SiteRecord, totalUsd } from "../lib/record.ts";

export function stablecoinsTable(record: SiteRecord): Table | null {
  const data = record.snapshots.stablecoins?.data;
  if (!data) return null;
  return {
    columns: [
      "id",
      "symbol",
      "name",
      "pegCurrency",
      "pegMechanism",
      "state",
      "priceUsd",
      "priceReason",
      "priceConfidence",
      "priceSource",
      "priceUpdatedAt",
      "agreeSources",
      "consensusSources",
      "pegReferenceUsd",
      "deviationBps",
      "deviationReason",
      "circulatingUsd",
      "supplyReason",
      "change1d",
      "change7d",
      "change30d",
      "chains",
      "simulated",
    ],
    rows: data.peggedAssets.map((asset) => {
      const now = totalUsd(asset.circulating);
      return [
        asset.id,
        asset.symbol,
        asset.name,
        asset.pegCurrency,
        asset.pegMechanism,
        asset.state,
        asset.price,
        asset.priceReason,
        asset.priceConfidence,
        asset.priceSource,
        asset.priceUpdatedAt,
        asset.agreeSources.length,
        asset.consensusSources.length,
        asset.pegReferenceUsd,
        asset.deviationBps,
        asset.deviationReason,
        now,
        asset.supplyReason,
        changeRatio(now, totalUsd(asset.circulatingPrevDay)),
        changeRatio(now, totalUsd(asset.circulatingPrevWeek)),
        changeRatio(now, totalUsd(asset.circulatingPrevMonth)),
        asset.chains.join("; "),
        record.simulated,
      ];
    }),
  };
}

export function fxRatesTable(record: SiteRecord): Table | null {
  const rates = record.snapshots["fx-rates"]?.data.rates;
  if (!rates) return null;
  return {
    columns: [
      "currency",
      "usdPerUnit",
      "source",
      "cadence",
      "observedAt",
      "sourceDate",
      "freshness",
      "carriedForward",
      "simulated",
    ],
    rows: Object.entries(rates).map(([currency, rate]) => [
      currency,
      rate.usdPerUnit,
      rate.source,
      rate.cadence,
      rate.observedAt,
      rate.sourceDate,
      rate.freshness,
      rate.carriedForward,
      record.simulated,
    ]),
  };
}

export function priceQuotesTable(record: SiteRecord): Table | null {
  const quotes = record.snapshots["price-quotes"]?.data.quotes;
  if (!quotes) return null;
  return {
    columns: [
      "coinId",
      "source",
      "priceUsd",
      "observedAt",
      "observedAtMode",
      "weight",
      "verdict",
      "reason",
      "simulated",
    ],
    rows: Object.entries(quotes).flatMap(([coinId, list]) =>
      list.map((quote) => [
        coinId,
        quote.source,
        quote.priceUsd,
        quote.observedAt,
        quote.observedAtMode,
        quote.weight,
        quote.verdict,
        quote.reason,
        record.simulated,
      ]),
    ),
  };
}

function windowCells({ current, prevDay, prevWeek, prevMonth }: CoinSupply["usd"]) {
  return [current, prevDay, prevWeek, prevMonth];
}

export function supplyTable(record: SiteRecord): Table | null {
  const coins = record.snapshots.supply?.data.coins;
  if (!coins) return null;
  return {
    columns: [
      "coinId",
      "chain",
      "currentUsd",
      "prevDayUsd",
      "prevWeekUsd",
      "prevMonthUsd",
      "supplySource",
      "reason",
      "simulated",
    ],
    rows: coins.flatMap((coin) => [
      [coin.coinId, "all", ...windowCells(coin.usd), coin.supplySource, coin.reason, record.simulated],
      ...Object.entries(coin.chains).map(([chain, usd]) => [
        coin.coinId,
        chain,
        ...windowCells(usd),
        coin.supplySource,
        null,
        record.simulated,
      ]),
    ]),
  };
}

export function supplyHistoryTable(record: SiteRecord, id: string): Table | null {
  const points = record.history.supplies.get(id);
  if (!points) return null;
  return {
    columns: ["date", "circulatingUsd", "priceUsd", "simulated"],
    rows: points.map(({ date, circulatingUsd, priceUsd }) => [
      new Date(date * 1000).toISOString().slice(0, 10),
      circulatingUsd,
      priceUsd,
      record.simulated,
    ]),
  };
}
