/** Flags that several commands share, read and checked in one place. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { UsageError } from "../errors.ts";

/** data/ of this repository. */
export const HOME_DATA = resolve(import.meta.dirname, "..", "..", "data");

export function dataOption(): Option {
  return new Option("--data <dir>", "the record to work on").default(HOME_DATA, "data/ of this repository");
}

/** Unix seconds of an ISO 8601 time in UTC. Throws UsageError. */
export function parseNow(text: string): number {
  const isUtc = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/.test(text);
  const milliseconds = Date.parse(text);
  const normal = text.length === "2026-11-21T08:00Z".length ? `${text.slice(0, -1)}:00Z` : text;
  if (!isUtc || Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().replace(".000Z", "Z") !== normal)
    throw new UsageError(`--now ${JSON.stringify(text)} is not a time`, {
      code: "bad-now",
      where: "--now",
      hint: "give an ISO 8601 time in UTC, e.g. 2026-11-21T08:00:00Z",
    });
  return Math.floor(milliseconds / 1000);
}

/** Unix seconds of --now, or of the wall clock: the only place that reads it. */
export function runClock(now: string | undefined): number {
  return now === undefined ? Math.floor(Date.now() / 1000) : parseNow(now);
}

/** A whole number within bounds. Throws UsageError naming the flag. */
export function parseCount(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new UsageError(`${flag} ${JSON.stringify(text)} is not a whole number from ${min} to ${max}`, {
      code: "bad-number",
      where: flag,
      hint: `for example ${flag} ${min}`,
    });
  return value;
}

/** Adds the flags of commands that make runs. */
export function withRunOptions(command: Command): Command {
  return command
    .addOption(dataOption())
    .option(
      "--lane <name>",
      "run this lane whether it is due or not (repeatable)",
      (name: string, all: string[]) => [...all, name],
      [] as string[],
    )
    .option("--upstreams <file>", "ask these upstreams and no others")
    .option("--now <iso>", "run as if it were this time, UTC")
    .option("--seed <text>", "names the run; random by default");
}
