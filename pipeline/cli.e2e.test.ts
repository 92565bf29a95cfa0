import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesBelow } from "./store/archive.ts";
import { openDatabase } from "./store/duckdb.ts";
import { HALF_HOUR_SEC, type SmallWorld, START_SEC, smallWorld } from "./test-support/small-world.ts";
import { plumbline } from "./test-support/spawn.ts";
import { isoSeconds } from "./time.ts";

let world: SmallWorld;
let repo: string;
let data: string;

function flags(atSec: number): string[] {
  return ["--data", data, "--upstreams", world.upstreamsFile, "--now", isoSeconds(atSec), "--seed", "cli"];
}

function run(atSec: number, ...more: string[]) {
  world.simulator.setNow(atSec);
  return plumbline(["run", ...flags(atSec), ...more]);
}

beforeAll(async () => {
  world = await smallWorld();
  repo = join(world.root, "repo");
  data = join(repo, "data");
  mkdirSync(repo);
  cpSync(world.dataDir, data, { recursive: true });
  writeFileSync(join(repo, ".gitignore"), "data/.staging/\n");
  for (const args of [
    ["init", "--quiet", "--initial-branch=main"],
    ["add", "--all"],
    ["-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "registry"],
  ])
    execFileSync("git", args, { cwd: repo });
});
afterAll(() => world.close());

describe("plumbline run", () => {
  it("writes nothing with --dry-run", async () => {
    const { code, stdout } = await run(START_SEC, "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toMatch(/nothing was written/);
    expect(existsSync(join(data, "snapshots"))).toBe(false);
  });

  it("publishes, commits once, says so, and writes the job summary", async () => {
    const summary = join(world.root, "summary.md");
    world.simulator.setNow(START_SEC);
    const { code, stdout, stderr } = await plumbline(["run", ...flags(START_SEC)], {
      GITHUB_STEP_SUMMARY: summary,
      CI: "true",
    });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/prices +ok +stablecoins published \(70\)/);
    expect(readFileSync(summary, "utf8")).toMatch(
      // Routes without a capacity that anybody can read make the redemption lane say so.
      /## Plumbline simulated run 20261120T080000Z-\w+: degraded[\s\S]*\| prices \| ok \|[\s\S]*\| redemption \| degraded \|/,
    );
    expect(execFileSync("git", ["log", "--format=%an: %s"], { cwd: repo, encoding: "utf8" })).toMatch(
      /: data: 2026-11-20T08:00Z simulated snapshot \(\d+ coins priced, \d+\/\d+ sources\)\n/,
    );
    expect(execFileSync("git", ["status", "--porcelain"], { cwd: repo, encoding: "utf8" })).toBe("");
  });

  it("is idle when nothing is due and leaves git diff empty", async () => {
    const { code, stdout } = await run(START_SEC);
    expect([code, stdout]).toEqual([0, "nothing is due\nNothing is due.\n"]);
    expect(execFileSync("git", ["status", "--porcelain"], { cwd: repo, encoding: "utf8" })).toBe("");
  });

  it("runs the lane it is told, due or not", async () => {
    const { stdout } = await run(START_SEC + 60, "--lane", "fx");
    expect(stdout).toMatch(/^fx: ok/);
    expect(stdout).not.toMatch(/prices/);
  });

  it("exits 1 on error and 0 on degraded", async () => {
    world.simulator.setFaults([{ upstream: "coingecko", kind: "status", status: 503 }]);
    expect((await run(START_SEC + 120, "--lane", "prices")).code).toBe(0);
    world.simulator.setFaults([{ upstream: "defillama", kind: "html" }]);
    const failed = await run(START_SEC + 180, "--lane", "supply");
    world.simulator.setFaults([]);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/supply +error +supply withheld/);
  });
});

describe("what a run left", () => {
  it("is compared between commits in words and numbers", async () => {
    const { stdout } = await run(START_SEC + 30 * HALF_HOUR_SEC);
    expect(stdout).toMatch(/committed/);
    const { code, stdout: diff } = await plumbline(["diff", "HEAD~4", "HEAD", "--data", data]);
    expect(code).toBe(0);
    expect(diff).toMatch(/^from HEAD~4 \(2026-11-20T08:00:00Z, run .*\)\nto {3}HEAD \(2026-11-20T23:00:00Z/);
    expect(diff).toMatch(/nothing moved worth naming|world:/);
    const { stdout: first } = await plumbline(["diff", "HEAD~5", "HEAD", "--data", data]);
    expect(first).toMatch(/no snapshot yet[\s\S]*first snapshot: 70 coins/);
  });

  it("shows its age and health", async () => {
    const { stdout } = await plumbline(["status", "--data", data, "--now", isoSeconds(START_SEC + 2 * 86_400)]);
    expect(stdout).toMatch(/stablecoins +stale +as of 2026-11-20T23:00:00Z, 33 h old, simulated/);
  });

  it("becomes one database with every dataset as a table", async () => {
    const file = join(world.root, "plumbline.duckdb");
    const { code, stdout } = await plumbline(["database", "--data", data, "--out", file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/price_history: [1-9]\d* rows[\s\S]*coins: 70 rows/);
    const database = await openDatabase([world.root], 1, file);
    const [row] = await database.all("SELECT count(*) AS n FROM coins WHERE price IS NOT NULL");
    database.close();
    expect(row?.n as number).toBeGreaterThan(50);
  });
});

describe("recordings", () => {
  it("are made, reproduced byte for byte, replayed elsewhere, and never overwritten", async () => {
    const folder = join(world.root, "recording");
    const atSec = START_SEC + 40 * HALF_HOUR_SEC;
    world.simulator.setNow(atSec);
    const elsewhere = join(world.root, "elsewhere");
    cpSync(data, elsewhere, { recursive: true });
    const record = ["record", "--out", folder, ...flags(atSec), "--no-commit"];
    expect((await plumbline(record)).code).toBe(0);
    const again = await plumbline(record);
    expect([again.code, again.stderr]).toEqual([2, expect.stringMatching(/holds a recording already/)]);
    const { code, stdout } = await plumbline(["reproduce", folder]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/: [1-9]\d* files identical, 0 different/)]);
    expect((await plumbline(["replay", folder, "--data", elsewhere])).code).toBe(0);
    const snapshots = filesBelow(join(data, "snapshots"), ".json");
    expect(snapshots.length).toBeGreaterThan(5);
    for (const path of snapshots)
      expect(readFileSync(join(elsewhere, relative(data, path))), path).toEqual(readFileSync(path));
  });

  it("that were tampered with are found out", async () => {
    const folder = join(world.root, "recording");
    const file = join(folder, "exchanges.jsonl");
    const text = readFileSync(file, "utf8");
    const spoilt = text.replaceAll(/\\"usd\\":(0\.9|1\.0)\d+/g, '\\"usd\\":1.1');
    expect(spoilt).not.toBe(text);
    writeFileSync(file, spoilt);
    const { code, stdout } = await plumbline(["reproduce", folder]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/differs: snapshots\/(stablecoins|price-quotes)\.json/);
  });
});

describe("the other commands", () => {
  it("source asks one source and stores nothing", async () => {
    const { code, stdout } = await plumbline([
      "source",
      "gold-api:price",
      "--data",
      data,
      "--upstreams",
      world.upstreamsFile,
      "--now",
      isoSeconds(world.simulator.now()),
    ]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/"key":"XAG"[\s\S]*2 rows, newest 2026-[\s\S]*\(simulated\); nothing was stored/),
    ]);
  });

  it("check passes on the registry of this repository, and add-coin adds one that passes", async () => {
    expect((await plumbline(["check"])).stdout).toMatch(/: 0 problems, \d+ warnings/);
    const added = await plumbline(["add-coin", "zzz-test", "--symbol", "ZZZ", "--name", "Test Coin", "--data", data]);
    expect([added.code, added.stdout]).toEqual([0, expect.stringMatching(/wrote .*zzz-test\.json/)]);
    expect((await plumbline(["check", "--data", data])).code).toBe(0);
  });

  it("conformance fails on a file without cases", async () => {
    const file = join(world.root, "empty.json");
    writeFileSync(file, "[]");
    expect((await plumbline(["conformance", file])).code).toBe(1);
  });
});
