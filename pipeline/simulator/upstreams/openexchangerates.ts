/**
 * Open Exchange Rates: hourly rates per 1 USD (the free plan's only base), refused without an app_id.
 *
 * No key of anybody's is sent to a simulator, so the client leaves the app_id empty there: here an empty one will do.
 */
import { FX_CODES } from "../fx.ts";
import { listOf, ok, type SimUpstream, significant } from "../upstream.ts";

const ID = "openexchangerates";
const HOUR_SEC = 3_600;
const RATE_DIGITS = 7;

export const openexchangerates: SimUpstream = {
  id: ID,
  answer({ path, query }, world, nowSec) {
    if (path !== "/latest.json") return null;
    const refuse = (status: number, message: string, description: string) => ({
      status,
      body: { error: true, status, message, description },
    });
    if (!query.has("app_id")) return refuse(401, "missing_app_id", "No App ID provided.");
    if ((query.get("base") ?? "USD") !== "USD")
      return refuse(403, "not_allowed", "Changing the base needs another plan.");
    const timestamp = Math.floor(nowSec / HOUR_SEC) * HOUR_SEC;
    const asked = listOf(query, "symbols");
    const rates: Record<string, number> = {};
    for (const code of ["USD", ...FX_CODES].sort()) {
      if (asked.length > 0 && !asked.includes(code)) continue;
      const usd = world.venueFxUsdPerUnit(ID, code, timestamp);
      if (usd !== null) rates[code] = significant(1 / usd, RATE_DIGITS);
    }
    return ok({
      disclaimer: "Usage subject to terms: https://openexchangerates.org/terms",
      license: "https://openexchangerates.org/license",
      timestamp,
      base: "USD",
      rates,
    });
  },
};
