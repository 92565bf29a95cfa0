/**
 * What lanes need to resume, by name. Small states lie together in one file, since most change with every run and a file costs more in
 * git than what they hold; a large one has its own. A large one that changes with every run is divided: what of it moves lies with the
 * small ones, the rest in its own file.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { type DataDamaged, unreadable } from "../errors.ts";
import { canonicalLine, steadyJson } from "./canonical-json.ts";
import { joinSlow, type Slow, splitSlow } from "./pack-slow.ts";
import type { Row } from "./pack-times.ts";
import type { FileChanges } from "./staging.ts";

const FOLDER = "state";
/** Holds the small ones; no lane names its state so. */
const SHARED = "shared";
const SMALL_BYTES = 6_000;
/** What seldom moves in large states of every run: contracts as they were checked, a coin's first hour, supplies as compared once a day. */
const DIVIDED: Readonly<Record<string, Slow>> = { flows: { keys: ["contracts", "firstHours", "supplyCheck"] } };

const StatesSchema = z.record(z.string(), z.unknown());
export type LaneStates = z.infer<typeof StatesSchema>;

function pathOf(name: string): string {
  return `${FOLDER}/${name}.json`;
}

function damaged(path: string, cause: unknown): DataDamaged {
  return unreadable("the state of a lane cannot be read", "state-damaged", path, cause);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function readShared(dataDir: string): LaneStates {
  const path = join(dataDir, pathOf(SHARED));
  if (!existsSync(path)) return {};
  const shared = StatesSchema.safeParse(readJson(path));
  if (!shared.success) throw damaged(path, shared.error);
  return shared.data;
}

/** States below `dataDir`; none before the first run. Throws DataDamaged. */
export function readStates(dataDir: string): LaneStates {
  const folder = join(dataDir, FOLDER);
  if (!existsSync(folder)) return {};
  const states = readShared(dataDir);
  for (const file of readdirSync(folder)) {
    const name = basename(file, ".json");
    if (!file.endsWith(".json") || name === SHARED) continue;
    const own = readJson(join(folder, file));
    const apart = DIVIDED[name];
    states[name] = apart ? joinSlow((states[name] ?? {}) as Row, own as Row, apart) : own;
  }
  return states;
}

/** Puts `changed` in place among the states of the tree. */
export function writeStates(dataDir: string, changed: LaneStates, files: FileChanges): void {
  const shared = readShared(dataDir);
  for (const [name, content] of Object.entries(changed)) {
    const apart = DIVIDED[name];
    if (apart) {
      const { fast, slow } = splitSlow(content as Row, apart);
      shared[name] = fast;
      files.set(pathOf(name), steadyJson(slow));
    } else if (canonicalLine(content).length <= SMALL_BYTES) {
      shared[name] = content;
      if (existsSync(join(dataDir, pathOf(name)))) files.set(pathOf(name), null);
    } else {
      delete shared[name];
      files.set(pathOf(name), steadyJson(content));
    }
  }
  if (Object.keys(shared).length > 0 || existsSync(join(dataDir, pathOf(SHARED))))
    files.set(pathOf(SHARED), steadyJson(shared));
}
