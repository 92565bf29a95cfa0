/**
 * Frankfurter: the European Central Bank's reference rates, our first voice on fiat currencies.
 *
 * Producer Frankfurter over ECB data, https://api.frankfurter.dev/v1, no key, no stated limit; one table per business day,
 * about 16:00 UTC. Weekends and holidays are absent, an end date is clamped to the last business day without a word, and the
 * base never appears in its own table. Rates are units per base and are turned into USD per unit here.
 */
import { z } from "zod";
import { type FxRates, type FxRequest, usdPerUnit } from "./fx-units.ts";
import { readShape, upstreamError } from "./shape.ts";
import type { HttpRequest, Source } from "./source.ts";
import { isUtcDay } from "./times.ts";

const DOCS = "https://frankfurter.dev/";
const DaySchema = z.string().refine(isUtcDay, "not a day");
const TableSchema = z.record(z.string(), z.unknown());
const BaseSchema = z.string().regex(/^[a-z]{3}$/i, "not a currency");

const LatestSchema = z.object({ base: BaseSchema, date: DaySchema, rates: TableSchema });

export const frankfurterLatest: Source<FxRequest, FxRates> = {
  id: "frankfurter:latest",
  upstream: "frankfurter",
  breaker: "fx-frankfurter",
  docs: DOCS,
  example: { symbols: ["EUR", "GBP", "JPY"] },
  async fetch(http, request) {
    const { body } = await http.json("frankfurter", { path: "/latest", query: queryOf(request) });
    return this.parse(body, request);
  },
  parse(body, request) {
    refuseMessage(body, this.id);
    const { base, date, rates } = readShape(LatestSchema, body, this.id);
    return { base: base.toUpperCase(), date, rates: usdPerUnit(base, rates, request) ?? {} };
  },
  rows: ({ rates }) => Object.keys(rates).length,
  isUsable: ({ rates }) => Object.keys(rates).length > 0,
};

export interface FxRangeRequest extends FxRequest {
  /** First UTC day, "2026-08-17". */
  from?: string | undefined;
  /** Last UTC day, inclusive. */
  to?: string | undefined;
}

export interface FxRange {
  base: string;
  /** Ascending; days without a value are absent. */
  days: { date: string; rates: Record<string, number> }[];
}

const RangeSchema = z.object({ base: BaseSchema, rates: z.record(DaySchema, TableSchema) });

export const frankfurterRange: Source<FxRangeRequest, FxRange> = {
  id: "frankfurter:range",
  upstream: "frankfurter",
  breaker: "fx-frankfurter",
  docs: DOCS,
  example: { from: "2026-08-17", to: "2026-08-21", symbols: ["EUR"] },
  async fetch(http, request) {
    const path = `/${request.from ?? ""}..${request.to ?? ""}`;
    const { body } = await http.json("frankfurter", { path, query: queryOf(request) });
    return this.parse(body, request);
  },
  parse(body, request) {
    refuseMessage(body, this.id);
    const { base, rates } = readShape(RangeSchema, body, this.id);
    const days: FxRange["days"] = [];
    for (const [date, table] of Object.entries(rates).sort(([a], [b]) => (a < b ? -1 : 1))) {
      const values = usdPerUnit(base, table, request);
      if (values !== null) days.push({ date, rates: values });
    }
    return { base: base.toUpperCase(), days };
  },
  rows: ({ days }) => days.length,
  isUsable: ({ days }) => days.length > 0,
};

function queryOf({ symbols }: FxRequest): NonNullable<HttpRequest["query"]> {
  return { base: "USD", symbols: symbols?.filter((code) => code !== "USD").join(",") };
}

function refuseMessage(body: unknown, source: string): void {
  const refusal = z.strictObject({ message: z.string(), status: z.unknown().optional() }).safeParse(body);
  if (refusal.success) throw upstreamError(source, refusal.data.message);
}
