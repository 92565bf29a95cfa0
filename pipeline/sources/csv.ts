/**
 * Two price histories that are published as CSV and are read for backfills and tests: Binance klines and Chainlink rounds.
 *
 * Klines have no header, times in milliseconds (microseconds in files since 2025) and prices in the pair's quote currency. Rounds are
 * index, time, answer with 8 decimals, with or without a header line and blanks after the commas.
 */
import { fromBaseUnits, positive } from "./numbers.ts";
import { badShape } from "./shape.ts";
import { epochSeconds } from "./times.ts";

export interface PricePoints {
  /** Ascending. */
  points: { timestamp: number; price: number }[];
}

const OPEN_TIME = 0;
const CLOSE_PRICE = 4;
const KLINE_COLUMNS = 12;
const CHAINLINK_DECIMALS = 8;

export function parseKlines(text: string): PricePoints {
  return points(text, "binance:klines-csv", (cells) =>
    cells.length < KLINE_COLUMNS ? null : [klineSeconds(cells[OPEN_TIME] ?? ""), positive(cells[CLOSE_PRICE])],
  );
}

export function parseRounds(text: string): PricePoints {
  return points(text, "chainlink:rounds-csv", ([, time, answer = ""]) => [
    epochSeconds(time),
    positive(fromBaseUnits(answer, CHAINLINK_DECIMALS)),
  ]);
}

type Row = [timestamp: number | null, price: number | null] | null;

function points(text: string, source: string, read: (cells: string[]) => Row): PricePoints {
  const found: PricePoints["points"] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "") continue;
    const cells = line.split(",").map((cell) => cell.trim());
    const isHeader = index === 0 && cells.some((cell) => /[a-z]/i.test(cell));
    if (isHeader) continue;
    const [timestamp, price] = read(cells) ?? [null, null];
    if (timestamp === null) throw badShape(source, `line ${index + 1} has no time`, line);
    if (price !== null) found.push({ timestamp, price });
  }
  return { points: found.sort((a, b) => a.timestamp - b.timestamp) };
}

const MICROSECONDS_FROM = 100_000_000_000_000;

function klineSeconds(text: string): number | null {
  const time = Number(text);
  return epochSeconds(time >= MICROSECONDS_FROM ? time / 1000 : time);
}
