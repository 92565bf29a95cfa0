/** What lanes need to resume, by name, in one file: most of it changes with every run, and a file costs more in git than what it holds. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DataDamaged } from "../errors.ts";

export const STATE_PATH = "state/lanes.json";

const StatesSchema = z.record(z.string(), z.unknown());
export type LaneStates = z.infer<typeof StatesSchema>;

/** States below `dataDir`; none before the first run. Throws DataDamaged. */
export function readStates(dataDir: string): LaneStates {
  const path = join(dataDir, STATE_PATH);
  if (!existsSync(path)) return {};
  try {
    return StatesSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new DataDamaged("the state of the lanes cannot be read", {
      code: "state-damaged",
      where: path,
      hint: "restore it with `git checkout -- <file>`",
      cause,
    });
  }
}
