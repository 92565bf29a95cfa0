/**
 * Jupiter's transparency API of JupUSD: what it holds, when that was counted, and whether its oracle pulled the ripcord.
 *
 * Producer Jupiter, https://api.jupusd.money, no key, no licence stated. Amounts are integers of base units as text or numbers.
 */
import { z } from "zod";
import { fromBaseUnits } from "./numbers.ts";
import { badShape, readShape } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const DOCS = "https://jupusd.money";
const SUPPLY_DECIMALS = 6;
const baseUnits = z.union([z.string().regex(/^\d+$/), z.int().nonnegative()]).transform(String);

const DataSchema = z.object({
  holdings: z.array(z.object({ name: z.string().min(1), amount: baseUnits, decimals: z.int().min(0).max(36) })),
  totalSupply: baseUnits,
});
const SnapshotsSchema = z.object({ snapshots: z.array(z.object({ timestamp: z.unknown() })) });
const OracleSchema = z.object({ ripcord: z.boolean(), ripcordDetails: z.unknown().optional() });

export interface JupusdHoldings {
  holdings: { name: string; amount: number }[];
  totalSupply: number;
}

function units(text: string, decimals: number, source: string): number {
  const amount = fromBaseUnits(text, decimals);
  if (amount === null) throw badShape(source, "an amount beyond what a number holds");
  return amount;
}

export const jupusdData: Source<object, JupusdHoldings> = {
  id: "jupusd:data",
  upstream: "jupusd",
  breaker: "jupusd",
  docs: DOCS,
  example: {},
  async fetch(http, request) {
    return this.parse((await http.json("jupusd", { path: "/api/data" })).body, request);
  },
  parse(body) {
    const { holdings, totalSupply } = readShape(DataSchema, body, this.id);
    return {
      holdings: holdings.map(({ name, amount, decimals }) => ({ name, amount: units(amount, decimals, this.id) })),
      totalSupply: units(totalSupply, SUPPLY_DECIMALS, this.id),
    };
  },
  rows: ({ holdings }) => holdings.length,
  isUsable: ({ holdings }) => holdings.length > 0,
};

export const jupusdSnapshots: Source<object, { observedAt: number | null }> = {
  id: "jupusd:snapshots",
  upstream: "jupusd",
  breaker: "jupusd",
  docs: DOCS,
  example: {},
  async fetch(http, request) {
    return this.parse((await http.json("jupusd", { path: "/api/snapshots" })).body, request);
  },
  parse: (body) => ({
    observedAt: epochSeconds(readShape(SnapshotsSchema, body, "jupusd:snapshots").snapshots[0]?.timestamp),
  }),
  rows: () => 1,
  isUsable: ({ observedAt }) => observedAt !== null,
};

export const jupusdOracle: Source<object, { ripcord: boolean }> = {
  id: "jupusd:oracle",
  upstream: "jupusd",
  breaker: "jupusd",
  docs: DOCS,
  example: {},
  async fetch(http, request) {
    return this.parse((await http.json("jupusd", { path: "/api/oracle" })).body, request);
  },
  parse: (body) => ({ ripcord: readShape(OracleSchema, body, "jupusd:oracle").ripcord }),
  rows: () => 1,
  isUsable: () => true,
};
