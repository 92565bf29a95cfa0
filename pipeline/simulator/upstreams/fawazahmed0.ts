/**
 * The fawazahmed0 currency files on their two mirrors: units of everything per 1 unit of a base, lower-case keys, one file
 * a day. The second mirror gets a day's file two hours after the first.
 */
import { FX_CODES } from "../fx.ts";
import { isoDay, ok, type SimUpstream, significant } from "../upstream.ts";
import type { World } from "../world.ts";

const DAY_SEC = 86_400;
const HOUR_SEC = 3_600;
const RATE_DIGITS = 10;

function file(world: World, base: string, daySec: number): object | null {
  const usdOf = (code: string) => world.venueFxUsdPerUnit("fawazahmed0", code, daySec);
  const baseUsd = usdOf(base.toUpperCase());
  if (baseUsd === null) return null;
  const rates: Record<string, number> = {};
  for (const code of ["USD", ...FX_CODES].sort()) {
    const usd = usdOf(code);
    if (usd !== null)
      rates[code.toLowerCase()] = code === base.toUpperCase() ? 1 : significant(baseUsd / usd, RATE_DIGITS);
  }
  return { date: isoDay(daySec), [base]: rates };
}

/** The newest day whose file a mirror has. */
function newestDay(nowSec: number, publishedAfterSec: number): number {
  return Math.floor((nowSec - publishedAfterSec) / DAY_SEC) * DAY_SEC;
}

function mirror(id: string, publishedAfterSec: number): SimUpstream {
  return {
    id,
    answer({ path }, world, nowSec) {
      const base = /^\/currencies\/([a-z]+)(?:\.min)?\.json$/.exec(path)?.[1];
      const body = base ? file(world, base, newestDay(nowSec, publishedAfterSec)) : null;
      return body && ok(body);
    },
  };
}

export const fawazahmed0Jsdelivr = mirror("fawazahmed0-jsdelivr", HOUR_SEC);
export const fawazahmed0Pages = mirror("fawazahmed0-pages", 3 * HOUR_SEC);

/** Any past day, with the version in the path. */
export const fawazahmed0Dated: SimUpstream = {
  id: "fawazahmed0-dated",
  answer({ path }, world, nowSec) {
    const match = /^\/@fawazahmed0\/currency-api@([\d-]+|latest)\/v1\/currencies\/([a-z]+)(?:\.min)?\.json$/.exec(path);
    if (!match) return null;
    const [, version = "", base = ""] = match;
    const newest = newestDay(nowSec, HOUR_SEC);
    const day = version === "latest" ? newest : Date.parse(`${version}T00:00:00Z`) / 1000;
    const body = day <= newest ? file(world, base, day) : null;
    return body && ok(body);
  },
};
