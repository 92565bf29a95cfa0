/** How long a person waits for a command that has little to do: a whole process through npm, the middle of three. */
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { DEMO_END_SEC } from "../demo.ts";
import { isoSeconds } from "../time.ts";
import type { Benchmark } from "./benchmark.ts";

const HOME = resolve(import.meta.dirname, "..", "..");
const TRIES = 3;
const LIMITS_SEC = { idleRun: 2, check: 3 };

async function secondsOf(args: string[], expected: string): Promise<number> {
  const seconds: number[] = [];
  for (let i = 0; i < TRIES; i++) {
    const startedMs = performance.now();
    const { stdout } = await promisify(execFile)("npm", ["run", "-s", "plumbline", "--", ...args], { cwd: HOME });
    if (!stdout.includes(expected)) throw new Error(`plumbline ${args[0]} did not say "${expected}": ${stdout}`);
    seconds.push((performance.now() - startedMs) / 1000);
  }
  return seconds.sort((a, b) => a - b)[Math.floor(TRIES / 2)]!;
}

export const commandSpeed: Benchmark = {
  name: "commands",
  about: "an idle run and the registry check as a person types them, npm included, median of three",
  async run({ record }) {
    const { dataDir, upstreamsFile } = await record();
    const now = isoSeconds(DEMO_END_SEC + 60);
    const idle = await secondsOf(
      ["run", "--data", dataDir, "--upstreams", upstreamsFile, "--now", now, "--no-commit"],
      "Nothing is due",
    );
    const check = await secondsOf(["check"], " 0 problems");
    const row = { unit: "s", from: "issue 2", better: "less" } as const;
    return [
      { what: "idle run, whole process", measured: idle, yardstick: LIMITS_SEC.idleRun, ...row },
      { what: "check of the registry, whole process", measured: check, yardstick: LIMITS_SEC.check, ...row },
    ];
  },
};
