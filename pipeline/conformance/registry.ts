/**
 * Every function of the method that is built, by the name its cases use.
 *
 * Each module that answers cases exports `conformance` beside its code; a new lane adds one line here.
 */

import { conformance as chains } from "../chains/conformance.ts";
import { conformance as discovery } from "../discovery/conformance.ts";
import { PlumblineError } from "../errors.ts";
import { conformance as flows } from "../flows/conformance.ts";
import { conformance as fx } from "../fx/conformance.ts";
import { conformance as liquidity } from "../liquidity/conformance.ts";
import { conformance as pegs } from "../pegs/conformance.ts";
import { conformance as prices } from "../prices/conformance.ts";
import { conformance as redemption } from "../redemption/conformance.ts";
import { conformance as safety } from "../safety/conformance.ts";
import { conformance as breaker } from "../sources/breaker.ts";
import { conformance as wire } from "../sources/wire.ts";
import { conformance as stability } from "../stability/conformance.ts";
import { conformance as stress } from "../stress/conformance.ts";
import { conformance as supply } from "../supply/conformance.ts";
import { conformance as shared } from "./shared-functions.ts";

/** `dir` is the folder that file names in the input are relative to. */
export type ConformanceFunction = (input: unknown, context: { dir: string }) => unknown;

const MODULES: readonly Record<string, ConformanceFunction>[] = [
  shared,
  breaker,
  wire,
  fx,
  prices,
  supply,
  pegs,
  stability,
  stress,
  discovery,
  flows,
  redemption,
  liquidity,
  safety,
  chains,
];

function collect(modules: readonly Record<string, ConformanceFunction>[]): Map<string, ConformanceFunction> {
  const functions = new Map<string, ConformanceFunction>();
  for (const [name, run] of modules.flatMap((module) => Object.entries(module))) {
    if (functions.has(name))
      throw new PlumblineError(`The function ${name} is registered twice`, { code: "registered-twice", where: name });
    functions.set(name, run);
  }
  return functions;
}

export const FUNCTIONS: ReadonlyMap<string, ConformanceFunction> = collect(MODULES);
