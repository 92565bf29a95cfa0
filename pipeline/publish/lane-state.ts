/**
 * What lanes need to resume, by name. Small states lie together in one file, since most change with every run and a file costs more in
 * git than what they hold; a large one has its own.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { DataDamaged } from "../errors.ts";
import { canonicalLine, steadyJson } from "./canonical-json.ts";
import type { FileChanges } from "./staging.ts";

const FOLDER = "state";
/** Holds the small ones; no lane names its state so. */
const SHARED = "shared";
const SMALL_BYTES = 6_000;

const StatesSchema = z.record(z.string(), z.unknown());
export type LaneStates = z.infer<typeof StatesSchema>;

/** Below data/. */
export function statePath(name: string): string {
  return `${FOLDER}/${name}.json`;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new DataDamaged("the state of a lane cannot be read", {
      code: "state-damaged",
      where: path,
      hint: "restore it with `git checkout -- <file>`",
      cause,
    });
  }
}

/** States below `dataDir`; none before the first run. Throws DataDamaged. */
export function readStates(dataDir: string): LaneStates {
  const folder = join(dataDir, FOLDER);
  if (!existsSync(folder)) return {};
  const states: LaneStates = {};
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
    const content = readJson(join(folder, name));
    if (name === `${SHARED}.json`) Object.assign(states, content);
    else states[basename(name, ".json")] = content;
  }
  return states;
}

/** Puts `changed` in place among the states of the tree. */
export function writeStates(dataDir: string, changed: LaneStates, files: FileChanges): void {
  const small: LaneStates = {};
  for (const [name, content] of Object.entries({ ...readStates(dataDir), ...changed })) {
    const isSmall = canonicalLine(content).length <= SMALL_BYTES;
    if (isSmall) small[name] = content;
    if (isSmall && existsSync(join(dataDir, statePath(name)))) files.set(statePath(name), null);
    if (!isSmall && name in changed) files.set(statePath(name), steadyJson(content));
  }
  if (Object.keys(small).length > 0) files.set(statePath(SHARED), steadyJson(small));
}
