/** Where the recordings of real answers lie; tests that read them skip where the folder is absent. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { HOME } from "./small-world.ts";

const SHARED = resolve(HOME, "..", "shared");

/** Path of a recording, or null where ../shared is absent. */
export function recording(path: string): string | null {
  const file = resolve(SHARED, "recordings", path);
  return existsSync(file) ? file : null;
}
