/**
 * `plumbline conformance`: runs files of cases through the modules that really do the work, and says what differs.
 *
 * A file that cannot be read or holds no cases fails as a whole and does not stop the others; so does a case whose function
 * is unknown or throws.
 */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { PlumblineError } from "../errors.ts";
import { compare, type Difference } from "./compare.ts";
import { type ConformanceCase, readCases } from "./read-cases.ts";
import { type ConformanceFunction, FUNCTIONS } from "./registry.ts";
import { withSpecialNumbers } from "./special-numbers.ts";

export { formatConformance } from "./format.ts";

/** The cases that came with the project. */
export const VECTORS_DIR = resolve(import.meta.dirname, "vectors");
/** Where those cases were written: their recordings lie relative to it and are not copied. */
export const SHARED_VECTORS_DIR = resolve(import.meta.dirname, "../../../shared/methodology/vectors");

export interface CaseResult {
  name: string;
  function: string;
  extension: boolean;
  passed: boolean;
  differences: Difference[];
}

export interface FileResult {
  file: string;
  /** Why the file could not be run at all; null when it could. */
  problem: string | null;
  cases: CaseResult[];
}

export interface ConformanceReport {
  files: FileResult[];
  /** Cases of the method; extensions are counted apart. */
  passed: number;
  failed: number;
  extensions: { passed: number; failed: number };
  /** No case of the method failed and every file could be run. */
  ok: boolean;
}

/** The folder a case's file names are relative to. */
function recordingsBase(file: string): string {
  const dir = dirname(resolve(file));
  return dir === VECTORS_DIR && existsSync(SHARED_VECTORS_DIR) ? SHARED_VECTORS_DIR : dir;
}

async function runCase(given: ConformanceCase, dir: string, functions: Functions): Promise<CaseResult> {
  const result = (differences: Difference[]): CaseResult => {
    const extension = given.extension ?? false;
    const passed = differences.length === 0;
    return { name: given.name, function: given.function, extension, passed, differences };
  };
  const run = functions.get(given.function);
  if (run === undefined) return result([{ path: "$", problem: `unknown function ${given.function}` }]);
  try {
    return result(compare(await run(withSpecialNumbers(given.input), { dir }), given.expected, given.tolerance));
  } catch (error) {
    return result([{ path: "$", problem: `the function threw: ${error instanceof Error ? error.message : error}` }]);
  }
}

type Functions = ReadonlyMap<string, ConformanceFunction>;

async function runFile(file: string, functions: Functions): Promise<FileResult> {
  try {
    const cases: CaseResult[] = [];
    for (const given of await readCases(file)) cases.push(await runCase(given, recordingsBase(file), functions));
    return { file, problem: null, cases };
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    return { file, problem: error.explain(), cases: [] };
  }
}

/** Runs the files in turn. `functions` are all that are built, unless a test brings its own. */
export async function runConformance(
  files: readonly string[],
  functions: Functions = FUNCTIONS,
): Promise<ConformanceReport> {
  const results: FileResult[] = [];
  for (const file of files) results.push(await runFile(file, functions));
  const cases = results.flatMap((result) => result.cases);
  const method = cases.filter((result) => !result.extension);
  const extensions = cases.filter((result) => result.extension);
  const failed = method.filter((result) => !result.passed);
  return {
    files: results,
    passed: method.length - failed.length,
    failed: failed.length,
    extensions: {
      passed: extensions.filter((result) => result.passed).length,
      failed: extensions.filter((result) => !result.passed).length,
    },
    ok: failed.length === 0 && cases.length > 0 && results.every((result) => result.problem === null),
  };
}
