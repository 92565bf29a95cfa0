/** The simulated record that several benchmarks work on: the demo's own, made once per `npm run bench`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type DemoResult, runDemo } from "../demo.ts";

export interface SimulatedRecord {
  dataDir: string;
  /** An `--upstreams FILE` that says "simulated" and names nobody: an idle run asks nobody. */
  upstreamsFile: string;
  result: DemoResult;
}

const HOME_DATA = resolve(import.meta.dirname, "..", "..", "data");

/** Gives the record, made at the first call; the folder goes when the process ends. */
export function lazyRecord(log: (line: string) => void): () => Promise<SimulatedRecord> {
  let making: Promise<SimulatedRecord> | null = null;
  const make = async (): Promise<SimulatedRecord> => {
    log("making the demo's record");
    const root = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
    process.on("exit", () => rmSync(root, { recursive: true, force: true }));
    const dataDir = join(root, "data");
    const upstreamsFile = join(root, "upstreams.json");
    writeFileSync(upstreamsFile, JSON.stringify({ simulated: true, upstreams: {}, rpc: {} }));
    const result = await runDemo({ dataDir, homeDir: HOME_DATA, seed: 1, days: 35, log: () => {} });
    return { dataDir, upstreamsFile, result };
  };
  return () => {
    making ??= make();
    return making;
  };
}
