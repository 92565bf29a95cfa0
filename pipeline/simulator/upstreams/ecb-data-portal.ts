/** The ECB's data portal in SDMX-JSON, without attributes: the compounded three-month €STR, out at 08:15 UTC the business day after. */
import { ratePoints } from "../rates.ts";
import { ok, type SimUpstream } from "../upstream.ts";

const PUBLISHED_AFTER_SEC = 86_400 + 8.25 * 3_600;
const KEY = ["B", "EU000A2QQF32", "CR"];
const DIMENSIONS = ["FREQ", "BENCHMARK_ITEM", "DATA_TYPE_EST"];
const FIRST_DAY = "2021-04-15";

const round5 = (value: number) => Math.round(value * 1e5) / 1e5;

export const ecbDataPortal: SimUpstream = {
  id: "ecb-data-portal",
  answer({ path, query }, world, nowSec) {
    if (path !== `/data/EST/${KEY.join(".")}` || query.get("format") !== "jsondata") return null;
    const all = ratePoints("EUR", world.seed, query.get("startPeriod") ?? FIRST_DAY, nowSec, PUBLISHED_AFTER_SEC);
    const points = all.flatMap(({ day, ratePct }) => (ratePct === null ? [] : [{ day, ratePct }]));
    if (points.length === 0) return { status: 404, body: "No results found." };
    const observations = Object.fromEntries(points.map(({ ratePct }, index) => [index, [round5(ratePct)]]));
    return ok({
      header: { id: "simulated", test: false, sender: { id: "ECB" } },
      dataSets: [{ action: "Replace", series: { "0:0:0": { observations } } }],
      structure: {
        dimensions: {
          series: DIMENSIONS.map((id, index) => ({ id, values: [{ id: KEY[index] }] })),
          observation: [{ id: "TIME_PERIOD", role: "time", values: points.map(({ day }) => ({ id: day })) }],
        },
      },
    });
  },
};
