/** A run in a process of its own that kills itself, without any goodbye, at the step it is told. Prints the names of the steps it passed. */
import { readUpstreamOverrides } from "../registry/registry.ts";
import { runOnce } from "../run.ts";

const [dataDir = "", nowSec = "", upstreamsFile = "", killAt = "", commit = "", push = "", seed = "test"] =
  process.argv.slice(2);
const steps: string[] = [];
const outcome = await runOnce({
  dataDir,
  nowSec: Number(nowSec),
  seed,
  overrides: readUpstreamOverrides(upstreamsFile),
  env: {},
  commit: commit === "commit",
  push: push === "push",
  onStep: (step) => {
    steps.push(step);
    if (String(steps.length) === killAt) process.kill(process.pid, "SIGKILL");
  },
});
process.stdout.write(JSON.stringify({ steps, runId: outcome.runId, committed: outcome.committed }));
