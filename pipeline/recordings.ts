/**
 * Recordings of whole runs: the answers, the clock, the seed, the data the run started from and the hashes it ended with.
 *
 * A recording is a folder: `run.json`, `exchanges.jsonl`, and `before/`, the machine-written part of data/ as the run found
 * it. Whoever has it can make the same bytes on another machine; `reproduce` checks that they are the same.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { DataDamaged, UsageError } from "./errors.ts";
import { SETTINGS } from "./lane.ts";
import { canonicalJson } from "./publish/canonical-json.ts";
import { sha256 } from "./publish/hash.ts";
import { GENERATED_FOLDERS, generatedFiles, SIGNATURE_PATH } from "./publish/manifest.ts";
import { MANIFEST_PATH } from "./publish/read-manifest.ts";
import { loadRegistry, type Registry } from "./registry/registry.ts";
import { type RunOptions, type RunOutcome, runOnce } from "./run.ts";
import { UpstreamOverridesSchema } from "./schema/upstream.ts";
import { createRecorder, loadReplayer } from "./sources/recorder.ts";

const RecordingSchema = z.object({
  runId: z.string(),
  nowSec: z.int(),
  seed: z.string(),
  lanes: z.array(z.string()),
  overrides: UpstreamOverridesSchema.nullable().describe(
    "Upstreams that replaced ours; addresses do not matter in a replay",
  ),
  baseCommit: z.string().nullable(),
  keys: z.array(z.string()).describe("Names of the environment's keys that were set; never their values"),
  settings: z.record(z.string(), z.string()).default({}).describe("Settings of the environment, with their values"),
  changed: z
    .record(z.string(), z.string().nullable())
    .describe("Path below data/ to SHA-256 after the run; null: deleted"),
});

/** Machine-written files and the registry, but no staging and no lock. */
function copyData(from: string, to: string): void {
  for (const name of [...GENERATED_FOLDERS, "registry", MANIFEST_PATH]) {
    if (existsSync(join(from, name))) cpSync(join(from, name), join(to, name), { recursive: true });
  }
}

/** Environment variables that decide which sources a run asks. */
function keyNames(registry: Registry): string[] {
  const nodes = registry.chains.flatMap((chain) => chain.rpc.map((node) => node.keyEnv));
  return [
    ...new Set(
      [...[...registry.upstreams.values()].map((upstream) => upstream.keyEnv), ...nodes].filter(
        (name) => name !== null,
      ),
    ),
  ].sort();
}

/** Runs, and keeps in `folder` all that is needed to run it again. Throws UsageError when the folder holds a recording already. */
export async function recordRun(options: RunOptions, folder: string): Promise<RunOutcome> {
  if (existsSync(join(folder, "run.json")))
    throw new UsageError("this folder holds a recording already", {
      code: "recording-exists",
      where: folder,
      hint: "give an empty folder: a recording is never overwritten",
    });
  const before = join(folder, "before");
  mkdirSync(before, { recursive: true });
  copyData(options.dataDir, before);
  const recorder = createRecorder(join(folder, "exchanges.jsonl"));
  const outcome = await runOnce({ ...options, recorder });
  // The signature is made with a key that a recording does not hold.
  const paths = outcome.changedPaths.filter((path) => path !== SIGNATURE_PATH);
  const changed = Object.fromEntries(
    paths.map((path) => {
      const file = join(options.dataDir, path);
      return [path, existsSync(file) ? sha256(readFileSync(file)) : null];
    }),
  );
  const { runId } = outcome;
  const { nowSec, seed, lanes = [], overrides = null } = options;
  const keys = keyNames(loadRegistry(options.dataDir)).filter((name) => Boolean(options.env?.[name]));
  const recording = {
    runId,
    nowSec,
    seed,
    lanes,
    overrides,
    baseCommit: outcome.manifest?.baseCommit ?? null,
    keys,
    settings: Object.fromEntries(SETTINGS.flatMap((name) => (options.env?.[name] ? [[name, options.env[name]]] : []))),
    changed,
  };
  writeFileSync(join(folder, "run.json"), canonicalJson(recording));
  return outcome;
}

/** A recording as options for a run that answers from it. Throws DataDamaged when it is no recording. */
export async function readRecording(
  folder: string,
): Promise<{ recording: z.infer<typeof RecordingSchema>; options: RunOptions }> {
  const file = join(folder, "run.json");
  let recording: z.infer<typeof RecordingSchema>;
  try {
    recording = RecordingSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new DataDamaged("this folder is not a recording of a run", {
      code: "not-a-recording",
      where: file,
      hint: "make one with `plumbline record --out FOLDER`",
      cause,
    });
  }
  const replayer = await loadReplayer(join(folder, "exchanges.jsonl"));
  const { nowSec, seed, lanes, overrides, baseCommit } = recording;
  const env = { ...recording.settings, ...Object.fromEntries(recording.keys.map((name) => [name, "recorded"])) };
  const options: RunOptions = {
    dataDir: join(folder, "before"),
    nowSec,
    seed,
    lanes,
    baseCommit,
    replayer,
    env,
    ...(overrides ? { overrides } : {}),
  };
  return { recording, options };
}

export interface Reproduction {
  runId: string;
  same: string[];
  /** Paths whose bytes differ, or that only one side has. */
  different: string[];
}

/** Runs a recording again in a folder of its own and compares every byte it wrote. */
export async function reproduce(folder: string): Promise<Reproduction> {
  const { recording, options } = await readRecording(folder);
  const scratch = mkdtempSync(join(tmpdir(), "plumbline-reproduce-"));
  try {
    copyData(join(resolve(folder), "before"), scratch);
    const had = new Set(generatedFiles(scratch));
    const outcome = await runOnce({ ...options, dataDir: scratch });
    const paths = new Set([...Object.keys(recording.changed), ...outcome.changedPaths]);
    const has = new Set(generatedFiles(scratch));
    const result: Reproduction = { runId: recording.runId, same: [], different: [] };
    for (const path of [...paths].sort()) {
      const exists = path === MANIFEST_PATH || has.has(path);
      const now = exists ? sha256(readFileSync(join(scratch, path))) : null;
      const matches = path in recording.changed && recording.changed[path] === now && (now !== null || had.has(path));
      (matches ? result.same : result.different).push(path);
    }
    return result;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
