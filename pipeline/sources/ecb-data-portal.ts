/**
 * ECB Data Portal: the compounded €STR average rate over three months (series EST.B.EU000A2QQF32.CR), our euro benchmark of yields.
 *
 * Producer European Central Bank, https://data-api.ecb.europa.eu/service/data, no key, no stated limit; a figure every TARGET business
 * day after 09:15 CET, dated the day before. SDMX-JSON: `dataSets[0].series` by place in the dimensions, in each `observations` from
 * an index to a list whose first member is the figure, per cent a year; the index counts in `structure.dimensions.observation[0]`.
 * A range without a figure is HTTP 404. Shape and parameters by https://data.ecb.europa.eu/help/api/data and by programs that read
 * the daily €STR of the same data set so; a recording of our own there is none yet.
 */
import { z } from "zod";
import { type RateSeries, type RateSeriesRequest, rateSeries } from "./rate-series.ts";
import { badShape, readShape } from "./shape.ts";
import type { Source } from "./source.ts";
import { isUtcDay } from "./times.ts";

const SERIES = "B.EU000A2QQF32.CR";

const NamedSchema = z.object({ id: z.string(), values: z.array(z.object({ id: z.string() })) });
const BodySchema = z.object({
  dataSets: z.tuple([
    z.object({
      series: z.record(z.string(), z.object({ observations: z.record(z.string(), z.array(z.unknown()).min(1)) })),
    }),
  ]),
  structure: z.object({
    dimensions: z.object({ series: z.array(NamedSchema).min(1), observation: z.tuple([NamedSchema]) }),
  }),
});

export const ecbThreeMonthEstr: Source<RateSeriesRequest, RateSeries> = {
  id: "ecb-data-portal:estr-3m",
  upstream: "ecb-data-portal",
  breaker: "rates-ecb",
  docs: "https://data.ecb.europa.eu/data/datasets/EST/EST.B.EU000A2QQF32.CR",
  example: { from: "2026-11-02" },
  async fetch(http, request) {
    const { body } = await http.json("ecb-data-portal", {
      path: `/data/EST/${SERIES}`,
      query: { startPeriod: request.from, detail: "dataonly", format: "jsondata" },
    });
    return this.parse(body, request);
  },
  parse(body) {
    const { dataSets, structure } = readShape(BodySchema, body, this.id);
    const { series: dimensions, observation } = structure.dimensions;
    const named = Object.entries(dataSets[0].series).map(([places, { observations }]) => {
      const ids = places.split(":").map((place, index) => dimensions[index]?.values[Number(place)]?.id);
      return { key: ids.join("."), observations };
    });
    const wanted = named.find(({ key }) => key === SERIES);
    if (!wanted) throw badShape(this.id, `no series ${SERIES}`, body);
    const points = Object.entries(wanted.observations).flatMap(([place, [figure]]): [string, number][] => {
      const date = observation[0].values[Number(place)]?.id;
      if (date === undefined || !isUtcDay(date)) throw badShape(this.id, `observation ${place} has no day`, body);
      if (figure === null) return [];
      if (typeof figure !== "number" || !Number.isFinite(figure))
        throw badShape(this.id, `observation ${place} is no number`, body);
      return [[date, figure]];
    });
    return rateSeries(SERIES, points);
  },
  rows: ({ points }) => points.length,
  isUsable: ({ points }) => points.length > 0,
};
