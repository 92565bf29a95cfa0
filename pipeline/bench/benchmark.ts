/**
 * What a benchmark is, and the one table all of them print: what, measured, yardstick, ratio.
 *
 * A ratio of 1 is the yardstick itself. Below 1 is good where less is better, above 1 where more is; "OVER" marks a missed limit.
 */
import { loadavg } from "node:os";
import type { SimulatedRecord } from "./simulated-record.ts";

/** What a figure was measured with, since the machine may be shared. */
export interface Effort {
  /** Of this process, all threads. */
  cpuSec: number;
  /** Average of the last minute. */
  load: number;
}

/** Runs once and says how long it took, on the clock and on the processor. */
export async function effortOf<Out>(
  run: () => Promise<Out> | Out,
): Promise<{ result: Out; seconds: number; effort: Effort }> {
  const [startedMs, before] = [performance.now(), process.cpuUsage()];
  const result = await run();
  const [seconds, { user, system }] = [(performance.now() - startedMs) / 1000, process.cpuUsage(before)];
  return { result, seconds, effort: { cpuSec: (user + system) / 1e6, load: loadavg()[0] as number } };
}

export interface Measurement extends Partial<Effort> {
  what: string;
  measured: number;
  unit: string;
  /** The limit we promise, or a public figure for the same work; null: shown for information. */
  yardstick: number | null;
  /** Whose yardstick it is. */
  from: string;
  better: "less" | "more";
}

export interface BenchOptions {
  /** Runs that git-growth makes. */
  runs: number;
  /** One world to be replayed instead of all; null: all. */
  seed: number | null;
  /** The demo's record, made at the first call. */
  record(): Promise<SimulatedRecord>;
  log(line: string): void;
}

export interface Benchmark {
  name: string;
  /** One line for --help: what is done and how it is measured. */
  about: string;
  run(options: BenchOptions): Promise<Measurement[]>;
}

export function ratioOf(row: Measurement): number | null {
  if (row.yardstick === null) return null;
  return row.measured === row.yardstick ? 1 : row.measured / row.yardstick;
}

export function missesYardstick(row: Measurement): boolean {
  const ratio = ratioOf(row);
  if (ratio === null) return false;
  return row.better === "less" ? ratio > 1 : ratio < 1;
}

/** Enough digits to compare by, no more. */
export function shortNumber(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Markdown, so that it can be pasted; padded, so that it can be read as it is. */
export function formatTable(rows: readonly Measurement[]): string {
  const hasEffort = rows.some(({ cpuSec }) => cpuSec !== undefined);
  const effort = ({ cpuSec, load }: Partial<Effort>) =>
    cpuSec === undefined || load === undefined ? "" : `${shortNumber(cpuSec)} s, ${shortNumber(load)}`;
  const cells = [
    ["what", "measured", "yardstick", "ratio", ...(hasEffort ? ["CPU, load"] : []), "whose"],
    ...rows.map((row) => {
      const ratio = ratioOf(row);
      return [
        row.what,
        `${shortNumber(row.measured)} ${row.unit}`,
        row.yardstick === null
          ? ""
          : `${row.better === "less" ? "<=" : ">="} ${shortNumber(row.yardstick)} ${row.unit}`,
        ratio === null ? "" : `${shortNumber(ratio)}${missesYardstick(row) ? " OVER" : ""}`,
        ...(hasEffort ? [effort(row)] : []),
        row.from,
      ];
    }),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join("\n");
}
