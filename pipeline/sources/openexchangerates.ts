/**
 * Open Exchange Rates: intraday fiat rates, laid over the daily ones where they agree within 5 %.
 *
 * Producer Open Exchange Rates, https://openexchangerates.org/api, free plan 1,000 calls a month with a key, hourly figures,
 * base USD only. Metals are in its table too (XAU, XAG per USD); CNH and CNY both exist.
 */
import { z } from "zod";
import { utcDay } from "../time.ts";
import type { TimedFxRates } from "./exchangerate-api.ts";
import { type FxRequest, usdPerUnit } from "./fx-units.ts";
import { badShape, readShape, upstreamError } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const BodySchema = z.object({
  timestamp: z.union([z.number(), z.string()]),
  base: z
    .string()
    .regex(/^[a-z]{3}$/i, "not a currency")
    .default("USD"),
  rates: z.record(z.string(), z.unknown()),
});

export const openexchangerates: Source<FxRequest, TimedFxRates> = {
  id: "openexchangerates:latest",
  upstream: "openexchangerates",
  breaker: "fx-realtime",
  docs: "https://docs.openexchangerates.org/reference/latest-json",
  example: { symbols: ["EUR", "GBP"] },
  async fetch(http, request) {
    const { body } = await http.json("openexchangerates", {
      path: "/latest.json",
      query: { app_id: "{key}", base: "USD", symbols: request.symbols?.join(",") },
    });
    return this.parse(body, request);
  },
  parse(body, request) {
    const refusal = z.object({ error: z.literal(true), description: z.string().optional() }).safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.description ?? "no reason given");
    const { timestamp, base, rates } = readShape(BodySchema, body, this.id);
    const observedAt = epochSeconds(timestamp);
    if (observedAt === null) throw badShape(this.id, "no time", body);
    const values = usdPerUnit(base, rates, request) ?? {};
    return { base: base.toUpperCase(), date: utcDay(observedAt), observedAt, rates: values };
  },
  rows: ({ rates }) => Object.keys(rates).length,
  isUsable: ({ rates }) => Object.keys(rates).length > 0,
};
