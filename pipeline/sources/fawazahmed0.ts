/**
 * fawazahmed0 currency-api: daily rates of all currencies and of gold and silver, as static files on two mirrors.
 *
 * Producer Fawaz Ahmed, files on jsDelivr and Cloudflare Pages, CC0, no key, no limit; one table per UTC day, older days stay
 * readable by date. The set of codes varies by day (eurc was missing on 2025-03-15), odd names come and go ("$myro"), and its
 * stablecoin values carry up to 0.4 % of noise: good for fiat and metals, not as a price of coins.
 */
import { z } from "zod";
import { type FxRates, type FxRequest, usdPerUnit } from "./fx-units.ts";
import { badShape, readShape } from "./shape.ts";
import type { Source } from "./source.ts";
import { isUtcDay } from "./times.ts";

const ID = "fawazahmed0:usd";
const TableSchema = z.record(z.string(), z.unknown());
/** The date beside one table named after its base. */
const BodySchema = z.looseObject({ date: z.string().refine(isUtcDay, "not a day") });

function parse(body: unknown, request: FxRequest): FxRates {
  const { date, ...tables } = readShape(BodySchema, body, ID);
  const [[base, table] = ["", {}], ...others] = Object.entries(tables);
  // The table is named after its base and nothing else stands beside it, or it could be anybody's table.
  if (base === "" || others.length > 0) throw badShape(ID, "not one table beside the date", body);
  const rates = usdPerUnit(base, readShape(TableSchema, table, ID), request);
  return { base: base.toUpperCase(), date, rates: rates ?? {} };
}

/** The same file from one of its mirrors; which of the two answers counts is decided by the FX lane. */
function mirror<Request extends FxRequest>(
  upstream: string,
  id: string,
  example: Request,
  path: (request: Request) => string,
): Source<Request, FxRates> {
  return {
    id,
    upstream,
    breaker: null,
    docs: "https://github.com/fawazahmed0/exchange-api",
    example,
    async fetch(http, request) {
      const { body } = await http.json(upstream, { path: path(request) });
      return parse(body, request);
    },
    parse,
    rows: ({ rates }) => Object.keys(rates).length,
    isUsable: ({ rates }) => Object.keys(rates).length > 0,
  };
}

const EXAMPLE: FxRequest = { symbols: ["EUR", "CNH", "XAU"] };

export const fawazahmed0Jsdelivr = mirror(
  "fawazahmed0-jsdelivr",
  "fawazahmed0:usd",
  EXAMPLE,
  () => "/currencies/usd.min.json",
);

export const fawazahmed0Pages = mirror(
  "fawazahmed0-pages",
  "fawazahmed0:usd-pages",
  EXAMPLE,
  () => "/currencies/usd.min.json",
);

export interface DatedFxRequest extends FxRequest {
  /** UTC day, "2026-09-24". */
  date?: string | undefined;
}

/** One past day, for backfills: https://cdn.jsdelivr.net/npm as base, the day in the path. */
export const fawazahmed0Dated = mirror<DatedFxRequest>(
  "fawazahmed0-dated",
  "fawazahmed0:usd-dated",
  { date: "2026-09-24", symbols: ["EUR", "XAU"] },
  ({ date = "latest" }) => `/@fawazahmed0/currency-api@${date}/v1/currencies/usd.min.json`,
);
