/** Programs of this project in processes of their own; asynchronous, since the simulator they ask lives in the test's process. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { HOME } from "./small-world.ts";

export interface Ended {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

function runScript(script: string, args: readonly (string | number)[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(process.execPath, ["--import", "tsx", join(HOME, "pipeline", script), ...args.map(String)], {
    cwd: HOME,
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((done) => child.on("exit", (code, signal) => done({ code, signal, stdout, stderr })));
}

/** The command line as a person uses it. */
export function plumbline(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return runScript("cli.ts", args, env);
}

export interface ChildRun {
  dataDir: string;
  nowSec: number;
  upstreamsFile: string;
  /** Step at which it kills itself; 0: never. */
  killAt?: number;
  /** Commit and push. */
  push?: boolean;
  seed?: string;
}

/** One run that may kill itself at a step; prints `{steps, runId, committed}` with the names of its steps when it lives. */
export function childRun({
  dataDir,
  nowSec,
  upstreamsFile,
  killAt = 0,
  push = false,
  seed = "test",
}: ChildRun): Promise<Ended> {
  const git = push ? ["commit", "push"] : ["", ""];
  return runScript("test-support/run-child.ts", [dataDir, nowSec, upstreamsFile, killAt, ...git, seed], {});
}
