/** `plumbline run`, `record` and `replay`: one run with its clock, its seed and its upstreams. */
import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import { UsageError } from "../errors.ts";
import { readRecording, recordRun } from "../recordings.ts";
import { readUpstreamOverrides } from "../registry/registry.ts";
import { type RunOptions, type RunOutcome, runOnce } from "../run.ts";
import { runClock } from "./options.ts";
import { formatRun, markdownSummary } from "./report.ts";
import { withTaskList } from "./task-list.ts";

export interface RunFlags {
  data: string;
  lane: string[];
  upstreams?: string;
  now?: string;
  seed?: string;
  dryRun?: boolean;
  commit?: boolean;
  push?: boolean;
  record?: string;
}

/** Flags to options; keys of the environment are not sent to upstreams that replace ours. */
function runOptions(flags: RunFlags): RunOptions {
  const overrides = flags.upstreams === undefined ? undefined : readUpstreamOverrides(flags.upstreams);
  if (flags.push && (flags.dryRun || flags.commit === false))
    throw new UsageError("--push needs the commit that --dry-run and --no-commit leave out", {
      code: "bad-flags",
      where: "--push",
      hint: "give one or the other",
    });
  return {
    dataDir: flags.data,
    nowSec: runClock(flags.now),
    seed: flags.seed ?? randomBytes(8).toString("hex"),
    lanes: flags.lane,
    env: process.env,
    dryRun: flags.dryRun ?? false,
    commit: flags.commit ?? true,
    push: flags.push ?? false,
    ...(overrides ? { overrides } : {}),
  };
}

function report(outcome: RunOutcome, dryRun: boolean): number {
  process.stdout.write(formatRun(outcome, dryRun));
  const summaryFile = process.env.GITHUB_STEP_SUMMARY;
  if (summaryFile) appendFileSync(summaryFile, markdownSummary(outcome));
  return outcome.manifest?.status === "error" ? 1 : 0;
}

/** Gives the exit code: 0 for ok and degraded, 1 for error. */
export async function runCommand(flags: RunFlags): Promise<number> {
  const options = runOptions(flags);
  const outcome = await withTaskList((log) =>
    flags.record === undefined ? runOnce({ ...options, log }) : recordRun({ ...options, log }, flags.record),
  );
  return report(outcome, flags.dryRun ?? false);
}

export interface ReplayFlags {
  data: string;
}

/** Runs a recording again on `flags.data`, with its clock and seed, answering from the recording only. */
export async function replayCommand(folder: string, flags: ReplayFlags): Promise<number> {
  const { options } = await readRecording(folder);
  const outcome = await withTaskList((log) => runOnce({ ...options, dataDir: flags.data, commit: false, log }));
  return report(outcome, false);
}
