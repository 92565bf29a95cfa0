/**
 * Asymmetry's protocol figures of USDaf: supply and what each branch holds.
 *
 * Producer Asymmetry, https://app.asymmetry.finance, no key, no licence stated. Amounts are dollars as text or numbers; branches are
 * keyed by name in changing case.
 */
import { z } from "zod";
import { decimal, finite } from "./numbers.ts";
import { badShape, readShape } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const amount = z.union([z.number(), z.string()]);
const BodySchema = z.object({
  timestamp: z.unknown().optional(),
  usdaf: z.object({
    total_bold_supply: amount,
    branch: z.record(z.string(), z.object({ coll_value: amount })),
  }),
});

export interface AsymmetryStats {
  observedAt: number | null;
  supply: number;
  branches: { name: string; collateralUsd: number }[];
}

function amountOf(value: string | number, source: string): number {
  const read = typeof value === "string" ? decimal(value) : finite(value);
  if (read === null || read < 0) throw badShape(source, "an amount that is no number");
  return read;
}

export const asymmetryStats: Source<object, AsymmetryStats> = {
  id: "asymmetry:stats",
  upstream: "asymmetry",
  breaker: "asymmetry",
  docs: "https://docs.asymmetry.finance",
  example: {},
  async fetch(http, request) {
    return this.parse((await http.json("asymmetry", { path: "/api/stats" })).body, request);
  },
  parse(body) {
    const { timestamp, usdaf } = readShape(BodySchema, body, this.id);
    return {
      observedAt: epochSeconds(timestamp),
      supply: amountOf(usdaf.total_bold_supply, this.id),
      branches: Object.entries(usdaf.branch).map(([name, { coll_value: value }]) => ({
        name,
        collateralUsd: amountOf(value, this.id),
      })),
    };
  },
  rows: ({ branches }) => branches.length,
  isUsable: ({ branches }) => branches.length > 0,
};
