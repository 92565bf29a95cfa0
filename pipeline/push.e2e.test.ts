import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSnapshot } from "./publish/read-snapshot.ts";
import { runIdOf } from "./run.ts";
import { HALF_HOUR_SEC, type SmallWorld, START_SEC, smallWorld } from "./test-support/small-world.ts";
import { childRun } from "./test-support/spawn.ts";
import { treeOf } from "./test-support/tree.ts";
import { verifyData } from "./verify.ts";

const ROUNDS = 10;
const BETWEEN_RUNS_SEC = 60;

let world: SmallWorld;
let origin: string;

function git(folder: string, ...args: string[]): string {
  return execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

function clone(name: string): string {
  git(world.root, "clone", "--quiet", origin, name);
  return join(world.root, name);
}

function pushingRun(folder: string, nowSec: number, seed: string, killAt = 0) {
  return childRun({
    dataDir: join(folder, "data"),
    nowSec,
    upstreamsFile: world.upstreamsFile,
    killAt,
    push: true,
    seed,
  });
}

beforeAll(async () => {
  world = await smallWorld();
  origin = join(world.root, "origin.git");
  git(world.root, "init", "--quiet", "--bare", "--initial-branch=main", origin);
  const first = clone("first");
  execFileSync("cp", ["-r", world.dataDir, join(first, "data")]);
  writeFileSync(join(first, ".gitignore"), "data/.staging/\n");
  git(first, "add", "--all");
  git(first, "commit", "--quiet", "--message", "registry");
  git(first, "push", "--quiet", "--set-upstream", "origin", "main");
});
afterAll(() => world.close());

describe("two runs that push at once", () => {
  it(`both survive, ${ROUNDS} times out of ${ROUNDS}`, async () => {
    const [a, b] = [clone("a"), clone("b")];
    let rejected = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const earlier = START_SEC + round * HALF_HOUR_SEC;
      const later = earlier + BETWEEN_RUNS_SEC;
      world.simulator.setNow(earlier);
      for (const folder of [a, b]) git(folder, "pull", "--quiet", "--ff-only");
      const ended = await Promise.all([pushingRun(a, earlier, `a${round}`), pushingRun(b, later, `b${round}`)]);
      for (const end of ended) expect(end.stderr).toBe("");

      const seen = clone(`seen-${round}`);
      const data = join(seen, "data");
      const ids = [runIdOf(earlier, `a${round}`), runIdOf(later, `b${round}`)];
      for (const id of ids) {
        const file = join(data, "runs", `${id}.json`);
        expect(existsSync(file), `round ${round}: ${id}`).toBe(true);
        rejected += JSON.parse(readFileSync(file, "utf8")).pushAttempts as number;
      }
      const day = new Date(earlier * 1000).toISOString().slice(0, 10);
      const rows = readFileSync(join(data, "history", "price-history", `${day}.ph.jsonl`), "utf8");
      for (const at of [earlier, later]) expect(rows).toContain(`"observedRunAt":${at}`);
      expect(readSnapshot(data, "stablecoins")?.runId).toBe(ids[1]);
      expect((await verifyData(data)).problems).toEqual([]);
      expect(git(seen, "status", "--porcelain")).toBe("");
    }
    expect(rejected, "no push was ever rejected: the race was not run").toBeGreaterThan(0);
  }, 240_000);

  it("never touches work that is not the run's", async () => {
    const folder = clone("busy");
    writeFileSync(join(folder, "notes.txt"), "mine\n");
    writeFileSync(join(folder, ".gitignore"), "data/.staging/\n# mine\n");
    const nowSec = START_SEC + ROUNDS * HALF_HOUR_SEC;
    world.simulator.setNow(nowSec);
    expect((await pushingRun(folder, nowSec, "busy")).stderr).toBe("");
    expect(
      git(folder, "status", "--porcelain")
        .split("\n")
        .map((line) => line.trim()),
    ).toEqual(["M .gitignore", "?? notes.txt"]);
    expect(git(folder, "log", "--format=%s", "-1")).toMatch(/^data: .* simulated snapshot/);
  }, 180_000);
});

describe("a run that is killed around its commit", () => {
  it("is committed by the next run, with the undisturbed bytes", async () => {
    const nowSec = START_SEC + (ROUNDS + 1) * HALF_HOUR_SEC;
    world.simulator.setNow(nowSec);
    const whole = clone("whole");
    const { stdout } = await pushingRun(whole, nowSec, "same", 10_000);
    const steps = (JSON.parse(stdout) as { steps: string[] }).steps.length;
    const expected = treeOf(join(whole, "data"));
    git(whole, "push", "--quiet", "--force", "origin", "HEAD~1:main");
    for (const step of [steps - 2, steps - 1, steps]) {
      const folder = clone(`killed-${step}`);
      expect((await pushingRun(folder, nowSec, "same", step)).signal, `step ${step}`).toBe("SIGKILL");
      expect((await pushingRun(folder, nowSec, "same")).stderr).toBe("");
      expect(treeOf(join(folder, "data")), `step ${step}`).toEqual(expected);
      expect(git(folder, "status", "--porcelain"), `step ${step}`).toBe("");
      git(whole, "push", "--quiet", "--force", "origin", "HEAD~1:main");
    }
  }, 240_000);
});
