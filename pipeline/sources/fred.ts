/**
 * FRED: the yield of the three-month US Treasury (series DGS3MO), our dollar benchmark of yields.
 *
 * Producer Federal Reserve Bank of St. Louis over the Board of Governors' H.15, the graph's CSV at
 * https://fred.stlouisfed.org/graph/fredgraph.csv, no key, no stated limit; one line a business day, a day or two late. A header
 * `observation_date,DGS3MO` (`DATE,DGS3MO` in older files), then day and per cent a year; a holiday's figure is "." or empty. `cosd`
 * is the first day. The shape was read in programs that use it and in their test files (https://fred.stlouisfed.org/series/DGS3MO
 * offers the same file to hands); a recording of our own there is none yet.
 */
import { decimal } from "./numbers.ts";
import { type RateSeries, type RateSeriesRequest, rateSeries } from "./rate-series.ts";
import { badShape } from "./shape.ts";
import type { Source } from "./source.ts";
import { isUtcDay } from "./times.ts";

const SERIES = "DGS3MO";
const HEADER = new RegExp(`^(observation_date|DATE),${SERIES}$`);
const NO_FIGURE: readonly string[] = [".", ""];

export const fredThreeMonthBill: Source<RateSeriesRequest, RateSeries> = {
  id: "fred:dgs3mo",
  upstream: "fred",
  breaker: "rates-fred",
  docs: "https://fred.stlouisfed.org/series/DGS3MO",
  example: { from: "2026-11-02" },
  async fetch(http, request) {
    const { body } = await http.json("fred", {
      path: "/graph/fredgraph.csv",
      query: { id: SERIES, cosd: request.from },
      reads: "text",
    });
    return this.parse(body, request);
  },
  parse(body) {
    if (typeof body !== "string") throw badShape(this.id, "no text", body);
    const [header = "", ...lines] = body
      .replace(/^\ufeff/, "")
      .trimEnd()
      .split(/\r?\n/);
    if (!HEADER.test(header)) throw badShape(this.id, `no header of day and ${SERIES}`, header);
    const points = lines.flatMap((line, index): [string, number][] => {
      const [date = "", figure, ...more] = line.split(",");
      if (!isUtcDay(date) || figure === undefined || more.length > 0)
        throw badShape(this.id, `line ${index + 2} is no day and figure`, line);
      if (NO_FIGURE.includes(figure)) return [];
      const size = decimal(figure.replace(/^-/, ""));
      if (size === null) throw badShape(this.id, `line ${index + 2} has no number`, line);
      return [[date, figure.startsWith("-") ? -size : size]];
    });
    return rateSeries(SERIES, points);
  },
  rows: ({ points }) => points.length,
  isUsable: ({ points }) => points.length > 0,
};
