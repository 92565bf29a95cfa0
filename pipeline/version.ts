/** What computed a number: the software's version and the method's, both written into everything published. */
import { readFileSync } from "node:fs";

/** Raised when a method changes a published number; `diff` then says "the method" and not "the world". */
export const METHODOLOGY_VERSION = "6.1.0";

export const SOFTWARE_VERSION: string = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }
).version;
