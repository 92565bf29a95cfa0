/** `plumbline demo`: the simulated record, the site over it, and, when asked, the site served on this machine. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { runDemo } from "../demo.ts";
import { PlumblineError } from "../errors.ts";
import { HOME_DATA, parseCount } from "./options.ts";
import { withTaskList } from "./task-list.ts";

const HOME = resolve(import.meta.dirname, "..", "..");

interface DemoFlags {
  data: string;
  seed: string;
  days: string;
  site: boolean;
  serve?: boolean;
  port: string;
}

/** Runs a program of this project and waits for its end; its output goes to ours. */
function runAstro(args: string[], dataDir: string): Promise<void> {
  const child = spawn(process.execPath, [resolve(HOME, "node_modules", "astro", "bin", "astro.mjs"), ...args], {
    cwd: HOME,
    stdio: "inherit",
    env: { ...process.env, PLUMBLINE_DATA: dataDir, ASTRO_TELEMETRY_DISABLED: "1" },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("exit", (code, signal) => {
      if (code === 0 || signal !== null) done();
      else
        fail(
          new PlumblineError(`astro ${args[0]} ended with code ${code}`, {
            code: "site-failed",
            where: HOME,
            hint: "its own message stands above",
          }),
        );
    });
  });
}

export async function demoCommand(flags: DemoFlags): Promise<number> {
  const seed = parseCount("--seed", flags.seed, 0, 4_294_967_295);
  const days = parseCount("--days", flags.days, 1, 400);
  const port = String(parseCount("--port", flags.port, 1, 65_535));
  const dataDir = resolve(flags.data);
  const result = await withTaskList((log) => runDemo({ dataDir, homeDir: HOME_DATA, seed, days, log }));
  process.stdout.write(
    `simulated record: ${result.runs} runs and ${result.backfills} backfills, ${result.requests} requests, ${result.seconds.toFixed(1)} s, in ${dataDir}\n`,
  );
  if (!flags.site) return 0;
  await runAstro(["build", "--silent"], dataDir);
  process.stdout.write("the site is in dist/\n");
  if (flags.serve) {
    process.stdout.write(`the site of the simulated record: http://localhost:${port}/ (Ctrl-C ends)\n`);
    await runAstro(["preview", "--port", port], dataDir);
  }
  return 0;
}
