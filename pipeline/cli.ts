/**
 * The command line. Each command is a few lines here; the work is in the module it loads, so that an idle run loads little.
 *
 * Exit codes: 0 done (a degraded run still publishes), 1 something is wrong and was said, 2 the command itself was wrong.
 */
import { type Command, CommanderError, Option, program } from "commander";
import { dataOption, withRunOptions } from "./cli/options.ts";
import { PlumblineError, UsageError } from "./errors.ts";
import { SOFTWARE_VERSION } from "./version.ts";

function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

program
  .name("plumbline")
  .description(
    "The open record of how well every stablecoin holds its peg, how its supply flows, and how holders get out.",
  )
  .version(SOFTWARE_VERSION)
  .exitOverride()
  .showHelpAfterError("(plumbline COMMAND --help says more)");

/** Adds a command whose action gives the exit code. */
function command(
  usage: string,
  description: string,
  options: (command: Command) => Command,
  action: (...args: never[]) => Promise<number | undefined>,
): void {
  options(program.command(usage).description(description).exitOverride()).action(async (...args: unknown[]) => {
    process.exitCode = (await action(...(args as never[]))) ?? 0;
  });
}

const withData = (c: Command) => c.addOption(dataOption());

command(
  "run",
  "run what is due, publish, commit",
  (c) =>
    withRunOptions(c)
      .option("--dry-run", "compute everything, write nothing")
      .option("--no-commit", "write data/ but leave git alone")
      .option("--push", "push the commit, surviving races")
      .option("--record <dir>", "keep a recording of this run"),
  async (flags: never) => (await import("./cli/run-command.ts")).runCommand(flags),
);

command(
  "record",
  "run and keep everything that is needed to run it again",
  (c) =>
    withRunOptions(c)
      .requiredOption("--out <dir>", "empty folder for the recording")
      .option("--no-commit", "leave git alone"),
  async (flags: { out: string }) =>
    (await import("./cli/run-command.ts")).runCommand({ ...flags, record: flags.out } as never),
);

command(
  "replay <recording>",
  "run a recording again on another folder",
  (c) => c.requiredOption("--data <dir>", "the record to work on"),
  async (folder: string, flags: never) => (await import("./cli/run-command.ts")).replayCommand(folder, flags),
);

command(
  "reproduce <run>",
  "make a recorded run's bytes again and compare them; RUN is a recording's folder, or a run id below --recordings",
  (c) => c.option("--recordings <dir>", "where recordings lie", ".plumbline/recordings"),
  async (run: string, flags: { recordings: string }) => {
    const [{ reproduce }, { existsSync }, { join }] = await Promise.all([
      import("./recordings.ts"),
      import("node:fs"),
      import("node:path"),
    ]);
    const result = await reproduce(existsSync(join(run, "run.json")) ? run : join(flags.recordings, run));
    for (const path of result.different) print(`differs: ${path}`);
    print(`run ${result.runId}: ${result.same.length} files identical, ${result.different.length} different`);
    return result.different.length > 0 || result.same.length === 0 ? 1 : 0;
  },
);

const withRepair = (c: Command) =>
  withData(c)
    .option("--upstreams <file>", "ask these upstreams and no others")
    .option("--now <iso>", "as if it were this time, UTC")
    .option("--no-commit", "write data/ but leave git alone")
    .option("--push", "push the commit, surviving races");

command(
  "backfill <what>",
  "history by hand: flows (mints and burns before the runs began), prices (of unpriced events), merge (shards put together), supply (days the record lacks), pegs (depegs of past days)",
  (c) =>
    withRepair(c)
      .option("--config <key>", "one contract, <chain>-<address>; chosen by itself when left out")
      .option(
        "--from <block-dir-or-day>",
        "flows: first block; merge: folder of the shards; pegs: first day, YYYY-MM-DD",
      )
      .option("--to <block-or-day>", "last block, or last day")
      .option("--context-days <n>", "pegs: days read around the window, 3 by default")
      .option("--dry-run", "pegs: replay the window and its context, write nothing")
      .option("--chunk <blocks>", "blocks in one go, up to 50,000")
      .option("--max-chunks <n>", "chunks of this call, 24 by default")
      .option("--coin <id>", "supply, pegs: one coin only")
      .option("--days <n>", "supply: how far back, 365 by default")
      .option("--plan <n>", "cut what is missing into n shards and print them")
      .option("--shard <i/n>", "scan one shard into a file, commit nothing")
      .option("--out <dir>", "where shard files go", ".plumbline/shards"),
  async (what: string, flags: never) => {
    if (what === "pegs") return (await import("./cli/backfill-pegs-command.ts")).backfillPegsCommand(flags);
    const commands = await import("./cli/backfill-command.ts");
    if (what === "flows") return commands.backfillFlows(flags);
    if (what === "prices") return commands.backfillPrices(flags);
    if (what === "supply") return (await import("./cli/backfill-supply-command.ts")).backfillSupply(flags);
    if (what === "merge") {
      const { from = ".plumbline/shards", ...rest } = flags as { from?: string };
      return commands.mergeShards({ ...rest, from } as never);
    }
    throw new UsageError(`there is no backfill of ${JSON.stringify(what)}`, {
      code: "bad-argument",
      where: "backfill",
      hint: "one of flows, prices, merge, supply, pegs",
    });
  },
);

command(
  "reclassify <what>",
  "roundtrips: join stored mints and burns of one transaction that match, release those that do not; hours: recount them all",
  (c) => withRepair(c).option("--since-days <n>", "how far back, 90 by default").option("--coin <id>", "one coin only"),
  async (what: string, flags: never) => {
    if (what === "hours") return (await import("./cli/backfill-command.ts")).recountCommand(flags);
    if (what !== "roundtrips")
      throw new UsageError(`there is nothing to reclassify named ${JSON.stringify(what)}`, {
        code: "bad-argument",
        where: "reclassify",
        hint: "one of roundtrips, hours",
      });
    return (await import("./cli/backfill-command.ts")).reclassifyCommand(flags);
  },
);

command(
  "demo",
  "make a whole simulated record and the site over it",
  (c) =>
    c
      .option("--data <dir>", "folder of the simulated record", ".plumbline/demo")
      .option("--seed <n>", "which world", "1")
      .option("--days <n>", "days of history", "35")
      .option("--no-site", "make the record only")
      .option("--serve", "serve the site afterwards")
      .option("--port <n>", "port to serve on", "4321"),
  async (flags: never) => (await import("./cli/demo-command.ts")).demoCommand(flags),
);

command("verify", "check hashes, signature, shapes and sums of data/", withData, async (flags: { data: string }) => {
  const { verifyData } = await import("./verify.ts");
  const result = await verifyData(flags.data);
  for (const problem of result.problems) print(`problem: ${problem}`);
  print(
    `${result.filesChecked} files and ${result.rowsChecked} history rows checked, signature ${result.signature}, ${result.problems.length} problems`,
  );
  return result.problems.length > 0 ? 1 : 0;
});

command(
  "diff <from> <to>",
  "what changed between two commits, in words and numbers",
  withData,
  async (from: string, to: string, flags: { data: string }) => {
    print(await (await import("./diff.ts")).diffCommits(flags.data, from, to));
    return 0;
  },
);

command(
  "status",
  "how fresh and how healthy the record is",
  (c) => withData(c).option("--now <iso>", "as seen at this time"),
  async (flags: never) => {
    return (await import("./cli/status-command.ts")).statusCommand(flags);
  },
);

async function redemptionReport(dataDir: string): Promise<number> {
  const [{ loadRegistry }, { auditCsv, redemptionAudit }] = await Promise.all([
    import("./registry/registry.ts"),
    import("./registry/redemption-audit.ts"),
  ]);
  const audit = redemptionAudit(loadRegistry(dataDir).coins);
  print(auditCsv(audit));
  const counted = Object.entries(audit.supportCounts).map(([support, count]) => `${count} ${support}`);
  process.stderr.write(`${audit.warnings.join("\n")}\ndocuments support: ${counted.join(", ")}\n`);
  return 0;
}

const withReport = (c: Command) =>
  withData(c).addOption(
    new Option("--report <what>", "print an audit as CSV instead; its warnings go to standard error").choices([
      "redemption",
    ]),
  );

command(
  "check",
  "validate everything under data/registry",
  withReport,
  async (flags: { data: string; report?: string }) => {
    if (flags.report === "redemption") return redemptionReport(flags.data);
    const { checkRegistry, formatProblems } = await import("./registry/check.ts");
    const { problems, warnings, counts } = checkRegistry(flags.data);
    if (warnings.length > 0) print(`Warnings\n${formatProblems(warnings)}`);
    if (problems.length > 0) print(`Problems\n${formatProblems(problems)}`);
    const counted = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
    print(`${counted.join(", ")}: ${problems.length} problems, ${warnings.length} warnings`);
    return problems.length > 0 ? 1 : 0;
  },
);

command(
  "add-coin <id>",
  "write a valid skeleton of a new coin, ID being ticker-issuer",
  (c) =>
    withData(c)
      .requiredOption("--symbol <text>", "ticker")
      .requiredOption("--name <text>", "name for people")
      .option("--peg <currency>", "peg currency", "USD")
      .option("--website <url>", "the project's own page")
      .option("--llama-id <id>", "id in DefiLlama's list")
      .option("--coingecko-id <id>", "id at CoinGecko")
      .option("--source <text>", "where the facts can be checked"),
  async (
    id: string,
    flags: {
      data: string;
      symbol: string;
      name: string;
      peg: string;
      website?: string;
      llamaId?: string;
      coingeckoId?: string;
      source?: string;
    },
  ) => {
    const { addCoin } = await import("./registry/add-coin.ts");
    const { data, peg, ...facts } = flags;
    const { path } = addCoin({ dataDir: data, id, pegCurrency: peg, ...facts });
    print(`wrote ${path}\nfill in what is null, then run: npm run -s plumbline -- check`);
    return 0;
  },
);

command(
  "source <id>",
  "ask one source, show the first rows and how old they are, store nothing",
  (c) =>
    withData(c)
      .option("--upstreams <file>", "ask these upstreams and no others")
      .option("--now <iso>", "as if it were this time")
      .option("--rows <n>", "rows to show", "5"),
  async (id: string, flags: never) => (await import("./cli/source-command.ts")).sourceCommand(id, flags),
);

command(
  "database",
  "write one DuckDB file with every dataset as a table",
  (c) => withData(c).option("--out <file>", "the file to write", "plumbline.duckdb"),
  async (flags: { data: string; out: string }) => {
    const rows = await (await import("./database.ts")).writeDatabase(flags.data, flags.out);
    for (const [table, count] of Object.entries(rows)) print(`${table}: ${count} rows`);
    print(`wrote ${flags.out}`);
    return 0;
  },
);

command(
  "conformance <files...>",
  "run test cases of the method through the modules that do the work",
  (c) => c,
  async (files: string[]) => {
    const { formatConformance, runConformance } = await import("./conformance/run.ts");
    const report = await runConformance(files);
    print(formatConformance(report));
    return report.ok ? 0 : 1;
  },
);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof PlumblineError) {
    process.stderr.write(`plumbline: ${error.explain()}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  } else throw error;
}
