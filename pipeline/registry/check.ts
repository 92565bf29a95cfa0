/** `plumbline check` for the registry: everything that is wrong and everything that is doubtful, in one go. */
import { crossCheck } from "./checks.ts";
import type { Problem } from "./problems.ts";
import { readRegistryFiles } from "./read.ts";

export { formatProblems, type Problem } from "./problems.ts";

export interface RegistryCheck {
  /** Any of these makes loadRegistry throw. */
  problems: Problem[];
  /** Doubts and gaps that people should know of. */
  warnings: Problem[];
  counts: {
    coins: number;
    deployments: number;
    priceFeeds: number;
    chains: number;
    upstreams: number;
    corrections: number;
    doubts: number;
  };
}

/** Checks data/registry below `dataDir`. `today` is a UTC date, YYYY-MM-DD. */
export function checkRegistry(dataDir: string, today?: string): RegistryCheck {
  const files = readRegistryFiles(dataDir);
  const crossed = crossCheck(files, today);
  const sum = (count: (entry: (typeof files.coins)[number]) => number) =>
    files.coins.reduce((n, entry) => n + count(entry), 0);
  return {
    problems: [...files.problems, ...crossed.problems],
    warnings: crossed.warnings,
    counts: {
      coins: files.coins.length,
      deployments: sum((entry) => entry.coin.deployments.length),
      priceFeeds: sum((entry) => entry.coin.priceFeeds.length),
      chains: files.chains.length,
      upstreams: files.upstreams.length,
      corrections: files.corrections.length,
      doubts: files.doubts.length,
    },
  };
}
