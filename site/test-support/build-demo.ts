/** Builds the site of a small simulated record once, into a temporary folder, for the tests of the built site. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { runDemo } from "../../pipeline/demo.ts";

const HOME = resolve(import.meta.dirname, "..", "..");
const run = promisify(execFile);

export interface BuiltSite {
  dist: string;
  dataDir: string;
  /** Wall time of the build alone, seconds. */
  buildSeconds: number;
  remove(): void;
}

/** `days` null builds over the registry alone, as before the first run. */
export async function buildSite(days: number | null): Promise<BuiltSite> {
  const root = mkdtempSync(join(tmpdir(), "plumbline-site-"));
  const dataDir = days === null ? join(HOME, "data") : join(root, "data");
  const dist = join(root, "dist");
  if (days !== null) await runDemo({ dataDir, homeDir: join(HOME, "data"), seed: 7, days, log: () => {} });
  const startedMs = performance.now();
  await run(process.execPath, [join(HOME, "node_modules/astro/bin/astro.mjs"), "build", "--silent"], {
    cwd: HOME,
    env: {
      ...process.env,
      NODE_ENV: "production",
      PLUMBLINE_DATA: dataDir,
      PLUMBLINE_OUT: dist,
      ASTRO_TELEMETRY_DISABLED: "1",
    },
    maxBuffer: 64e6,
  });
  return {
    dist,
    dataDir,
    buildSeconds: (performance.now() - startedMs) / 1000,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
