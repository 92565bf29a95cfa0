/** open.er-api.com: all rates per 1 unit of a base, refreshed once a day shortly after midnight UTC. */
import { FX_CODES } from "../fx.ts";
import { ok, type SimUpstream, significant } from "../upstream.ts";

const ID = "exchangerate-api";
const DAY_SEC = 86_400;
const REFRESHED_AT_SEC = 151;
const RATE_DIGITS = 6;

const rfc = (timeSec: number) => new Date(timeSec * 1000).toUTCString().replace("GMT", "+0000");

export const exchangerateApi: SimUpstream = {
  id: ID,
  answer({ path }, world, nowSec) {
    const base = /^\/latest\/([A-Za-z]{3})$/.exec(path)?.[1]?.toUpperCase();
    if (!base) return null;
    const updated = Math.floor((nowSec - REFRESHED_AT_SEC) / DAY_SEC) * DAY_SEC + REFRESHED_AT_SEC;
    const baseUsd = world.venueFxUsdPerUnit(ID, base, updated);
    if (baseUsd === null) return { status: 404, body: { result: "error", "error-type": "unsupported-code" } };
    const rates: Record<string, number> = { [base]: 1 };
    for (const code of ["USD", ...FX_CODES]) {
      const usd =
        code.startsWith("X") && code !== "XAF" && code !== "XOF" ? null : world.venueFxUsdPerUnit(ID, code, updated);
      if (code !== base && usd !== null) rates[code] = significant(baseUsd / usd, RATE_DIGITS);
    }
    return ok({
      result: "success",
      provider: "https://www.exchangerate-api.com",
      documentation: "https://www.exchangerate-api.com/docs/free",
      terms_of_use: "https://www.exchangerate-api.com/terms",
      time_last_update_unix: updated,
      time_last_update_utc: rfc(updated),
      time_next_update_unix: updated + DAY_SEC,
      time_next_update_utc: rfc(updated + DAY_SEC),
      time_eol_unix: 0,
      base_code: base,
      rates,
    });
  },
};
