/** Repairs by hand: one piece of work on what a lane keeps, published and committed like a run. */
import { randomBytes } from "node:crypto";
import { UsageError } from "../errors.ts";
import type { LaneContext } from "../lane.ts";
import { type Registry, readUpstreamOverrides } from "../registry/registry.ts";
import { type Repaired, repairLane } from "../repair-lane.ts";
import { runOnce } from "../run.ts";
import { runClock } from "./options.ts";

export interface RepairFlags {
  data: string;
  upstreams?: string;
  now?: string;
  commit?: boolean;
  push?: boolean;
}

/** Does `work` in the place of a lane and prints its answer. What it throws is thrown on, with nothing written. */
export async function repair(
  flags: RepairFlags,
  lane: string,
  work: (context: LaneContext) => Promise<Repaired>,
  dryRun = false,
): Promise<number> {
  let answer: object = {};
  const outcome = await runOnce({
    dataDir: flags.data,
    nowSec: runClock(flags.now),
    seed: randomBytes(8).toString("hex"),
    env: process.env,
    dryRun,
    commit: flags.commit ?? true,
    push: flags.push ?? false,
    ...(flags.upstreams === undefined ? {} : { overrides: readUpstreamOverrides(flags.upstreams) }),
    repair: repairLane(lane, work, (said) => {
      answer = said;
    }),
  });
  process.stdout.write(`${JSON.stringify({ runId: outcome.runId, ...answer }, null, 2)}\n`);
  return 0;
}

/** Throws UsageError when `--coin` names none of the registry. */
export function checkCoin(registry: Registry, coinId: string | undefined): void {
  if (coinId === undefined || registry.coinById.has(coinId)) return;
  throw new UsageError(`there is no coin ${JSON.stringify(coinId)}`, {
    code: "unknown-coin",
    where: "--coin",
    hint: "ids are the names of the files in data/registry/coins",
  });
}
