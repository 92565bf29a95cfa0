/** FRED's graph as CSV: one line a business day, out the evening after it at 21:15 UTC; a holiday has a line without a figure. */
import { ratePoints } from "../rates.ts";
import { ok, type SimUpstream } from "../upstream.ts";

const PUBLISHED_AFTER_SEC = 86_400 + 21.25 * 3_600;
const FIRST_DAY = "2020-01-02";

export const fred: SimUpstream = {
  id: "fred",
  answer({ path, query }, world, nowSec) {
    if (path !== "/graph/fredgraph.csv" || query.get("id") !== "DGS3MO") return null;
    const points = ratePoints("USD", world.seed, query.get("cosd") ?? FIRST_DAY, nowSec, PUBLISHED_AFTER_SEC);
    const lines = points.map(({ day, ratePct }) => `${day},${ratePct?.toFixed(2) ?? ""}`);
    return ok(`${["observation_date,DGS3MO", ...lines].join("\n")}\n`, { "content-type": "text/csv" });
  },
};
