/**
 * `npm run bench`: measures what the record promises and prints one table, each figure beside its limit or a public one.
 *
 * Exit code 1 when a limit is missed. `--only NAME` (repeatable) picks benchmarks; `--runs N` lengthens git-growth, `--seed N` replays one world.
 */
import { Command } from "commander";
import { parseCount } from "../cli/options.ts";
import { PlumblineError, UsageError } from "../errors.ts";
import { type Benchmark, formatTable, type Measurement, missesYardstick } from "./benchmark.ts";
import { commandSpeed } from "./command-speed.ts";
import { crises } from "./crises.ts";
import { demoSpeed } from "./demo-speed.ts";
import { exits } from "./exits.ts";
import { flowWorlds } from "./flow-worlds.ts";
import { flows } from "./flows.ts";
import { gitGrowth } from "./git-growth.ts";
import { judgement } from "./judgement.ts";
import { priceSpeed } from "./price-speed.ts";
import { priceWorlds } from "./price-worlds.ts";
import { sealing } from "./sealing.ts";
import { lazyRecord } from "./simulated-record.ts";
import { siteBuild } from "./site-build.ts";

const BENCHMARKS: readonly Benchmark[] = [
  demoSpeed,
  commandSpeed,
  siteBuild,
  sealing,
  exits,
  priceSpeed,
  priceWorlds,
  flows,
  flowWorlds,
  judgement,
  crises,
  gitGrowth,
];

const flags = new Command()
  .name("npm run bench --")
  .description(BENCHMARKS.map(({ name, about }) => `${name}: ${about}`).join("\n"))
  .option("--only <name>", "measure this (repeatable)", (name: string, all: string[]) => [...all, name], [] as string[])
  .option("--runs <n>", "runs that git-growth makes", "384")
  .option("--seed <n>", "one world of crises instead of a thousand, with its story")
  .parse()
  .opts<{ only: string[]; runs: string; seed?: string }>();

try {
  const unknown = flags.only.find((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
  if (unknown !== undefined)
    throw new UsageError(`there is no benchmark named ${JSON.stringify(unknown)}`, {
      code: "unknown-benchmark",
      where: "--only",
      hint: `benchmarks are ${BENCHMARKS.map(({ name }) => name).join(", ")}`,
    });
  const runs = parseCount("--runs", flags.runs, 192, 35_040);
  const seed = flags.seed === undefined ? null : parseCount("--seed", flags.seed, 1, Number.MAX_SAFE_INTEGER);
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const record = lazyRecord(log);
  const rows: Measurement[] = [];
  for (const benchmark of BENCHMARKS) {
    if (flags.only.length > 0 && !flags.only.includes(benchmark.name)) continue;
    rows.push(...(await benchmark.run({ runs, seed, record, log })));
  }
  process.stdout.write(`${formatTable(rows)}\n`);
  process.exitCode = rows.some(missesYardstick) ? 1 : 0;
} catch (error) {
  if (!(error instanceof PlumblineError)) throw error;
  process.stderr.write(`bench: ${error.explain()}\n`);
  process.exitCode = 2;
}
