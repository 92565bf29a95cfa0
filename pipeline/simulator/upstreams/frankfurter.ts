/**
 * Frankfurter v1: the European Central Bank's reference rates, latest, of a day, or of a range of days.
 *
 * Published once a business day at 16:00 UTC. Weekends and the bank's fixed holidays have no rate: `latest` and single
 * days answer with the last business day, ranges leave the days out and clamp their end.
 */
import { isoDay, listOf, ok, type SimAnswer, type SimUpstream, significant } from "../upstream.ts";
import type { World } from "../world.ts";

const ID = "frankfurter";
const DAY_SEC = 86_400;
const PUBLISHED_AT_SEC = 16 * 3_600;
const RATE_DIGITS = 5;
const CODES =
  "AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF IDR ILS INR ISK JPY KRW MXN MYR NOK NZD PHP PLN RON SEK SGD THB TRY USD ZAR".split(
    " ",
  );
/** Closing days of TARGET with a fixed date; Easter is left out. */
const HOLIDAYS = new Set(["01-01", "05-01", "12-25", "12-26"]);

function isBusinessDay(daySec: number): boolean {
  const weekday = new Date(daySec * 1000).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !HOLIDAYS.has(isoDay(daySec).slice(5));
}

/** The last business day at or before a day whose rates are out. */
function lastPublished(daySec: number, nowSec: number): number {
  let day = Math.min(daySec, Math.floor((nowSec - PUBLISHED_AT_SEC) / DAY_SEC) * DAY_SEC);
  while (!isBusinessDay(day)) day -= DAY_SEC;
  return day;
}

function ratesOf(world: World, base: string, codes: readonly string[], daySec: number): Record<string, number> {
  const at = daySec + PUBLISHED_AT_SEC;
  const baseUsd = world.venueFxUsdPerUnit(ID, base, at) ?? 1;
  const rates: Record<string, number> = {};
  for (const code of codes) {
    const usd = world.venueFxUsdPerUnit(ID, code, at);
    if (code !== base && usd !== null) rates[code] = significant(baseUsd / usd, RATE_DIGITS);
  }
  return rates;
}

const NOT_FOUND: SimAnswer = { status: 404, body: { message: "not found" } };

export const frankfurter: SimUpstream = {
  id: ID,
  answer({ path, query }, world, nowSec) {
    if (path === "/currencies") return ok(Object.fromEntries(CODES.map((code) => [code, code])));
    const match = /^\/(?:latest|(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d)?)?)$/.exec(path);
    if (!match) return null;
    const base = (query.get("base") ?? query.get("from") ?? "EUR").toUpperCase();
    const asked = listOf(query, query.has("symbols") ? "symbols" : "to").map((code) => code.toUpperCase());
    const codes = asked.length > 0 ? CODES.filter((code) => asked.includes(code)) : CODES;
    if (!CODES.includes(base) || codes.length === 0) return NOT_FOUND;
    const from = match[1] ? Date.parse(match[1]) / 1000 : nowSec;
    if (!path.includes("..")) {
      const day = lastPublished(from, nowSec);
      return ok({ amount: 1, base, date: isoDay(day), rates: ratesOf(world, base, codes, day) });
    }
    const end = lastPublished(match[2] ? Date.parse(match[2]) / 1000 : nowSec, nowSec);
    const days: Record<string, object> = {};
    for (let day = from; day <= end; day += DAY_SEC) {
      if (isBusinessDay(day)) days[isoDay(day)] = ratesOf(world, base, codes, day);
    }
    const [first] = Object.keys(days);
    if (!first) return NOT_FOUND;
    return ok({ amount: 1, base, start_date: first, end_date: isoDay(end), rates: days });
  },
};
