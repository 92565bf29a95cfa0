/**
 * ExchangeRate-API, open access: the third voice on fiat currencies, asked when the first two fail.
 *
 * Producer ExchangeRate-API, https://open.er-api.com/v6, no key, attribution required, one table per UTC day just after
 * midnight; asking more than hourly gets HTTP 429. The open host calls the table `rates`, the keyed one `conversion_rates`.
 */
import { z } from "zod";
import { utcDay } from "../time.ts";
import { type FxRates, type FxRequest, usdPerUnit } from "./fx-units.ts";
import { badShape, readShape, upstreamError } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const TableSchema = z.record(z.string(), z.unknown());

const BodySchema = z.object({
  result: z.literal("success"),
  time_last_update_unix: z.union([z.number(), z.string()]),
  base_code: z.string().regex(/^[a-z]{3}$/i, "not a currency"),
  rates: TableSchema.optional(),
  conversion_rates: TableSchema.optional(),
});

export interface TimedFxRates extends FxRates {
  /** When the source updated the table, unix seconds. */
  observedAt: number;
}

export const exchangerateApi: Source<FxRequest, TimedFxRates> = {
  id: "exchangerate-api:latest",
  upstream: "exchangerate-api",
  breaker: null,
  docs: "https://www.exchangerate-api.com/docs/free",
  example: { symbols: ["EUR", "CNY"] },
  async fetch(http, request) {
    const { body } = await http.json("exchangerate-api", { path: "/latest/USD" });
    return this.parse(body, request);
  },
  parse(body, request) {
    const refusal = z.object({ result: z.literal("error"), "error-type": z.string().optional() }).safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data["error-type"] ?? "no reason given");
    const answer = readShape(BodySchema, body, this.id);
    const table = answer.rates ?? answer.conversion_rates;
    const observedAt = epochSeconds(answer.time_last_update_unix);
    if (table === undefined || observedAt === null) throw badShape(this.id, "no table or no update time", body);
    return {
      base: answer.base_code.toUpperCase(),
      date: utcDay(observedAt),
      observedAt,
      rates: usdPerUnit(answer.base_code, table, request) ?? {},
    };
  },
  rows: ({ rates }) => Object.keys(rates).length,
  isUsable: ({ rates }) => Object.keys(rates).length > 0,
};
