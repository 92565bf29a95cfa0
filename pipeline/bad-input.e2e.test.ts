import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSnapshot } from "./publish/read-snapshot.ts";
import type { Fault } from "./simulator/faults.ts";
import { filesBelow } from "./store/archive.ts";
import { HALF_HOUR_SEC, HOME, type SmallWorld, START_SEC, smallWorld } from "./test-support/small-world.ts";
import { plumbline } from "./test-support/spawn.ts";
import { treeOf } from "./test-support/tree.ts";
import { verifyData } from "./verify.ts";

const DAY_SEC = 86_400;
const NEXT_RUN_SEC = START_SEC + 2 * DAY_SEC + HALF_HOUR_SEC;

let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld();
  // Three days of runs every six hours, so that there is a past to be wrong about.
  for (let at = START_SEC - DAY_SEC; at <= START_SEC + 2 * DAY_SEC; at += 6 * 3600) await world.run(at);
});
afterAll(() => world.close());

/** A copy of the good record to be spoilt. */
function spoilt(name: string): string {
  const copy = join(world.root, name);
  cpSync(world.dataDir, copy, { recursive: true });
  return copy;
}

async function said(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { code, stdout, stderr } = await plumbline(args);
  return { code, output: stdout + stderr };
}

describe("an upstream that lies", () => {
  const cases: { name: string; fault: Omit<Fault, "upstream">; says: RegExp }[] = [
    { name: "answers HTML", fault: { kind: "html" }, says: /defillama .* answered HTML/ },
    {
      name: "says circulating is lots",
      fault: { kind: "wrong-types" },
      says: /malformed|valid assets|bad-shape|shape/i,
    },
    {
      name: "sends 50 MB of nesting",
      fault: { kind: "deep-nesting", bytes: 50_000_000 },
      says: /defillama sent more bytes than upstreams\.json allows/,
    },
    { name: "sends 1 MB of nesting", fault: { kind: "deep-nesting", bytes: 1_000_000 }, says: /nest/i },
    { name: "cuts its answer short", fault: { kind: "truncate" }, says: /connection|JSON|closed/i },
    { name: "sends nothing", fault: { kind: "empty" }, says: /JSON/i },
    { name: "answers HTTP 500", fault: { kind: "status", status: 500 }, says: /HTTP 500/ },
    { name: "resets the connection", fault: { kind: "reset" }, says: /connection/i },
    {
      name: "sends the list of three days ago",
      fault: { kind: "stale", ageSec: 3 * DAY_SEC + HALF_HOUR_SEC },
      says: /first saw 7\d hours ago/,
    },
  ];
  it.each(cases)("$name: its lane says so and the last good snapshot stays", async ({ name, fault, says }) => {
    const dataDir = spoilt(name.replaceAll(" ", "-"));
    world.simulator.setFaults([{ upstream: "defillama", ...fault }]);
    const outcome = await world.run(NEXT_RUN_SEC, { dataDir });
    world.simulator.setFaults([]);
    const supply = outcome.manifest?.lanes.find((lane) => lane.lane === "supply");
    expect(supply?.status).toBe("error");
    expect(supply?.reasons.map((reason) => reason.message).join(" ")).toMatch(says);
    expect(readFileSync(join(dataDir, "snapshots", "supply.json"))).toEqual(
      readFileSync(join(world.dataDir, "snapshots", "supply.json")),
    );
    const prices = outcome.manifest?.lanes.find((lane) => lane.lane === "prices");
    expect(prices?.publications[0]?.outcome, "one lane's failure never stops another").toBe("published");
    expect((await verifyData(dataDir)).problems).toEqual([]);
  });

  it("blocks a publication in which nearly every price stands still, and names what froze", async () => {
    const dataDir = spoilt("frozen");
    const venues = [
      "coingecko",
      "kraken",
      "coinbase",
      "bitstamp",
      "binance",
      "binance-main",
      "pyth-hermes",
      "redstone",
      "rpc",
      "dexpaprika",
      "dexscreener",
      "geckoterminal",
      "jupiter",
      "defillama-coins",
    ];
    // Late enough that the pools seen by the whole run are too old to speak.
    const later = NEXT_RUN_SEC + 2 * HALF_HOUR_SEC;
    const venuesDown = venues.map((upstream): Fault => ({ upstream, kind: "status", status: 503 }));
    world.simulator.setFaults(venuesDown);
    await world.run(later, { dataDir, lanes: ["supply", "prices"] });
    const lastGood = readSnapshot(dataDir, "stablecoins");
    expect(lastGood?.generatedAt).toBe(later);
    world.simulator.setFaults([...venuesDown, { upstream: "defillama", kind: "stale", ageSec: HALF_HOUR_SEC }]);
    const outcome = await world.run(later + HALF_HOUR_SEC, { dataDir, lanes: ["supply", "prices"] });
    world.simulator.setFaults([]);
    const prices = outcome.manifest?.lanes.find((lane) => lane.lane === "prices");
    expect(prices?.status).toBe("degraded");
    expect(prices?.reasons[0]?.code).toBe("stale-write-blocked");
    expect(prices?.reasons[0]?.message).toMatch(/frozen: defillama-list/);
    expect(readSnapshot(dataDir, "stablecoins")).toEqual(lastGood);
  });
});

describe("three failures in a row", () => {
  it("open the circuit, CoinGecko stands in, and a probe half an hour later closes it", async () => {
    const dataDir = spoilt("breaker");
    world.simulator.setFaults([{ upstream: "defillama", kind: "status", status: 503 }]);
    const statuses: string[] = [];
    for (let run = 1; run <= 4; run++) {
      const outcome = await world.run(NEXT_RUN_SEC + run * 600, { dataDir, lanes: ["supply"] });
      statuses.push(`${outcome.manifest?.lanes[0]?.status} ${outcome.manifest?.lanes[0]?.reasons[0]?.code}`);
    }
    expect(statuses).toEqual([
      "error defillama-unavailable",
      "error defillama-unavailable",
      "degraded coingecko-fallback",
      "degraded coingecko-fallback",
    ]);
    world.simulator.setFaults([]);
    const probe = await world.run(NEXT_RUN_SEC + 3 * 600 + 1800, { dataDir, lanes: ["supply"] });
    expect(probe.manifest?.lanes[0]?.status).toBe("ok");
    expect(probe.manifest?.circuitEvents).toEqual([
      expect.objectContaining({ circuit: "defillama-stablecoins", event: "close" }),
    ]);
  });
});

describe("a damaged record", () => {
  it("with a truncated Parquet file: the lane that needs it names the file, the others publish", async () => {
    const dataDir = spoilt("truncated");
    const sealed = (dataset: string) => filesBelow(join(dataDir, "history", dataset), ".parquet");
    const [file = "", grades = ""] = [sealed("price-history")[0], sealed("safety-score-history").at(-1)];
    // Of these only the newest grades are read, for the digest of the daily lane.
    for (const path of [file, grades]) truncateSync(path, 100);
    const outcome = await world.run(START_SEC + 3 * DAY_SEC, { dataDir });
    const daily = outcome.manifest?.lanes.find((lane) => lane.lane === "daily");
    expect(daily?.status).toBe("error");
    expect(daily?.reasons[0]?.message).toContain(grades);
    expect(outcome.manifest?.lanes.find((lane) => lane.lane === "prices")?.status).toBe("ok");
    const { code, output } = await said("verify", "--data", dataDir);
    expect(code).toBe(1);
    expect(output).toContain(file);
    expect(output).toContain(grades);
  });

  it("whose manifest does not match: verify names every file", async () => {
    const dataDir = spoilt("mismatch");
    const path = join(dataDir, "snapshots", "fx-rates.json");
    writeFileSync(path, readFileSync(path, "utf8").replace(/"usdPerUnit": 1\.1/, '"usdPerUnit": 1.2'));
    const { code, output } = await said("verify", "--data", dataDir);
    expect(code).toBe(1);
    expect(output).toMatch(/snapshots\/fx-rates\.json: its hash is not the manifest's/);
    expect(output).toMatch(/snapshot fx-rates is not the file that manifest\.json lists/);
  });

  it.each([
    ["manifest", "is no JSON", "manifest.json", () => "{"],
    [
      "list of sealed files",
      "is another",
      "history/sealed.json",
      (text: string) => text.replace('"rows": ', '"rows": 1'),
    ],
  ])("whose %s %s: the run stops and says what to do", async (_what, _how, file, spoil) => {
    const dataDir = spoilt(file.replaceAll("/", "-"));
    const path = join(dataDir, file);
    writeFileSync(path, spoil(readFileSync(path, "utf8")));
    const before = treeOf(dataDir);
    const { code, output } = await said(
      "run",
      "--data",
      dataDir,
      "--upstreams",
      world.upstreamsFile,
      "--now",
      "2026-11-23T09:00:00Z",
    );
    expect(code).toBe(1);
    expect(output).toMatch(/manifest.*cannot be read[\s\S]*git checkout/);
    expect(output).toContain(path);
    expect(treeOf(dataDir)).toEqual(before);
  });
});

describe("bad input from people", () => {
  it("an invalid coin file: file, field, what was expected, what came, and an example", async () => {
    const dataDir = spoilt("bad-coin");
    const coins = join(dataDir, "registry", "coins");
    const file = readdirSync(coins)[0] as string;
    const coin = JSON.parse(readFileSync(join(coins, file), "utf8"));
    writeFileSync(join(coins, file), JSON.stringify({ ...coin, peg: { ...coin.peg, currency: "DOLLARS" } }));
    const before = treeOf(dataDir);
    const { code, output } = await said(
      "run",
      "--data",
      dataDir,
      "--upstreams",
      world.upstreamsFile,
      "--now",
      "2026-11-23T09:00:00Z",
    );
    expect(code).toBe(1);
    expect(output).toContain(file);
    expect(output).toMatch(/peg\.currency[\s\S]*expected:[\s\S]*came:\s+"DOLLARS"[\s\S]*example:/);
    expect(treeOf(dataDir)).toEqual(before);
  });

  it.each([
    ["an unknown lane", ["run", "--lane", "nope"], /no lane named "nope"[\s\S]*lanes are fx, supply/],
    [
      "a bad --now",
      ["run", "--now", "2026-13-45T00:00:00Z"],
      /--now "2026-13-45T00:00:00Z" is not a time[\s\S]*2026-11-21T08:00:00Z/,
    ],
    ["an unknown command", ["rum"], /unknown command 'rum'[\s\S]*run/],
    ["an upstreams file that is not there", ["run", "--upstreams", "/nowhere/file.json"], /\/nowhere\/file\.json/],
    [
      "simulated upstreams into data/",
      ["run", "--upstreams", "UPSTREAMS", "--data", join(HOME, "data")],
      /simulated upstreams may not write into data\//,
    ],
    ["an unknown source", ["source", "nobody:nothing"], /no source "nobody:nothing"[\s\S]*defillama:stablecoins/],
    ["a folder that is no recording", ["reproduce", "/tmp"], /not a recording/],
    ["an unknown commit", ["diff", "nope", "HEAD"], /no commit "nope"/],
  ])("%s", async (_name, args, says) => {
    const { code, output } = await said(...args.map((arg) => (arg === "UPSTREAMS" ? world.upstreamsFile : arg)));
    expect(output).toMatch(says);
    expect(code).not.toBe(0);
  });
});

describe("a full disk", () => {
  const mountPoint = "/tmp/plumbline-full-disk";
  let mounted = false;
  beforeAll(() => {
    mkdirSync(mountPoint, { recursive: true });
    mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", mountPoint]).status === 0;
  });
  afterAll(() => {
    if (mounted) execFileSync("umount", [mountPoint]);
  });

  it("leaves the old record untouched and says so", async ({ skip }) => {
    if (!mounted) return skip("this machine does not let us mount a small file system");
    const dataDir = join(mountPoint, "data");
    cpSync(world.dataDir, dataDir, { recursive: true });
    const spaceLeft = Number(
      execFileSync("df", ["--output=avail", "-B1", mountPoint], { encoding: "utf8" }).split("\n")[1],
    );
    writeFileSync(join(mountPoint, "filler"), Buffer.alloc(Math.max(0, spaceLeft - 100_000)));
    const before = treeOf(dataDir);
    await expect(world.run(NEXT_RUN_SEC, { dataDir })).rejects.toMatchObject({ code: "disk-full" });
    expect(treeOf(dataDir)).toEqual(before);
  });
});
