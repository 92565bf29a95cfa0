import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FlowType } from "../schema/flows.ts";
import { type Database, openDatabase } from "../store/duckdb.ts";
import { detectRoundtrips, ROUNDTRIP_AMOUNT_TOLERANCE, reclassifyGroup } from "./roundtrips.ts";

const RECLASSIFY = readFileSync(join(import.meta.dirname, "reclassify.sql"), "utf8");
const SWEEP = readFileSync(join(import.meta.dirname, "sweep.sql"), "utf8");

let database: Database;
beforeAll(async () => {
  database = await openDatabase([import.meta.dirname]);
  await database.run(`CREATE TABLE mint_burn_events (coinId VARCHAR, chainId VARCHAR, txHash VARCHAR, timestamp BIGINT,
    direction VARCHAR, amountUnits DECIMAL(38,0), decimals INTEGER, flowType VARCHAR)`);
});
afterAll(() => database.close());

/** Amounts around the tolerance of half a per cent, on both sides of it and at it. */
const group = fc.record({
  mint: fc.constantFrom(0, 100_000, 200_000, 1_000_000),
  share: fc.constantFrom(0, 0.5, 0.9949, 0.995, 0.9951, 1, 1.0049, 1.005_025_125, 1.0051, 2),
  flowType: fc.constantFrom("standard" as const, "atomic_roundtrip" as const),
});

describe("the tolerance of half a per cent", () => {
  it("stands in the SQL as it does in the code", () => {
    expect(ROUNDTRIP_AMOUNT_TOLERANCE).toBe(0.005);
    for (const sql of [RECLASSIFY, SWEEP]) expect(sql).toContain(`<= ${ROUNDTRIP_AMOUNT_TOLERANCE} * greatest(`);
  });

  it("is one in memory, in the sweep, in the repair and in the rule", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(group, { minLength: 1, maxLength: 40 }), async (groups) => {
        await database.run("DELETE FROM mint_burn_events");
        const rows = groups.flatMap(({ mint, share, flowType }, i) => {
          const burn = Math.round(mint * share) || (mint === 0 ? 50_000 : 0);
          const row = (direction: "mint" | "burn", amount: number) => ({
            coinId: "x",
            chainId: "y",
            txHash: `0x${i}`,
            direction,
            amount,
            flowType,
          });
          return [...(mint > 0 ? [row("mint", mint)] : []), ...(burn > 0 ? [row("burn", burn)] : [])];
        });
        for (const { txHash, direction, amount, flowType } of rows)
          await database.run(
            `INSERT INTO mint_burn_events VALUES ('x', 'y', '${txHash}', 1000, '${direction}', ${amount}000000, 6, '${flowType}')`,
          );
        const found = async (sql: string, values: Record<string, bigint | string>) =>
          (await database.all(sql, values)).map(({ txHash }) => txHash).sort();
        const become = (i: number, flowType: FlowType) => {
          const own = rows.filter(({ txHash }) => txHash === `0x${i}`);
          const total = (direction: string) =>
            own.filter((row) => row.direction === direction).reduce((sum, { amount }) => sum + amount, 0);
          return reclassifyGroup({ mintTotal: total("mint"), burnTotal: total("burn"), flowType });
        };
        const wanted = (from: FlowType, to: FlowType) =>
          groups.flatMap(({ flowType }, i) => (flowType === from && become(i, from) === to ? [`0x${i}`] : [])).sort();
        const repair = (flowType: string) => found(RECLASSIFY, { flowType, since: 0n, coin: "", limit: 1000n });
        expect(await found(SWEEP, { since: 0n, limit: 1000n })).toEqual(wanted("standard", "atomic_roundtrip"));
        expect(await repair("standard")).toEqual(wanted("standard", "atomic_roundtrip"));
        expect(await repair("atomic_roundtrip")).toEqual(wanted("atomic_roundtrip", "standard"));
        const { flowTypes } = detectRoundtrips(rows.map((row) => ({ ...row, flowType: "standard" as const })));
        const joined = [...new Set(rows.flatMap(({ txHash }, i) => (flowTypes[i] === "standard" ? [] : [txHash])))];
        const expected = groups.flatMap((_, i) => (become(i, "standard") === "atomic_roundtrip" ? [`0x${i}`] : []));
        expect(joined.sort()).toEqual(expected.sort());
      }),
      { numRuns: 15 },
    );
  });
});
