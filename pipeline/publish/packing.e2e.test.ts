import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HALF_HOUR_SEC, type SmallWorld, START_SEC, smallWorld } from "../test-support/small-world.ts";
import { verifyData } from "../verify.ts";
import { readSnapshot, snapshotPath } from "./read-snapshot.ts";

let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld({ coins: 60 });
  await world.run(START_SEC);
});
afterAll(() => world.close());

const text = (name: Parameters<typeof snapshotPath>[0]) =>
  readFileSync(join(world.dataDir, snapshotPath(name)), "utf8");

describe("a snapshot that leans on another", () => {
  it("does not repeat it in git and is read whole", () => {
    const raw = JSON.parse(text("stablecoins")).data;
    expect(raw.peggedAssets.length).toBe(60);
    expect(raw.peggedAssets.filter((asset: object) => "supplyUnits" in asset || "circulating" in asset)).toEqual([]);
    expect(raw).not.toHaveProperty("fxFallbackRates");
    const whole = readSnapshot(world.dataDir, "stablecoins")?.data;
    expect(whole?.fxFallbackRates.peggedEUR).toBeGreaterThan(0.5);
    expect(whole?.peggedAssets.filter((asset) => asset.circulating !== null).length).toBeGreaterThan(50);
  });

  it("is refused beside a file that a run did not put there", () => {
    const path = join(world.dataDir, snapshotPath("fx-rates"));
    const good = text("fx-rates");
    const euro = readSnapshot(world.dataDir, "fx-rates")?.data.rates.EUR?.usdPerUnit as number;
    writeFileSync(path, good.replace(`${euro}`, `${euro + 0.01}`));
    try {
      expect(() => readSnapshot(world.dataDir, "stablecoins")).toThrow(
        /fx-rates is not the file that manifest\.json lists/,
      );
    } finally {
      writeFileSync(path, good);
    }
  });

  it("keeps what it said when the other is published anew without it", async () => {
    const prices = readSnapshot(world.dataDir, "stablecoins");
    const pegs = readSnapshot(world.dataDir, "peg-summary");
    const supply = readSnapshot(world.dataDir, "supply");
    await world.run(START_SEC + 3 * HALF_HOUR_SEC, { lanes: ["fx", "supply"] });
    expect(readSnapshot(world.dataDir, "supply")?.snapshotId).not.toBe(supply?.snapshotId);
    expect(readSnapshot(world.dataDir, "stablecoins")).toEqual(prices);
    expect(readSnapshot(world.dataDir, "peg-summary")).toEqual(pegs);
    expect((await verifyData(world.dataDir)).problems).toEqual([]);
  });

  it("is refused beside another slow file than its own", () => {
    const path = join(world.dataDir, "snapshots/slow/supply.json");
    const good = readFileSync(path, "utf8");
    try {
      writeFileSync(path, good.replace(/\d{5,}/, "77777"));
      expect(() => readSnapshot(world.dataDir, "supply")).toThrow(/does not hold its data/);
      rmSync(path);
      expect(() => readSnapshot(world.dataDir, "supply")).toThrow(/does not hold its data/);
    } finally {
      writeFileSync(path, good);
    }
    expect(readSnapshot(world.dataDir, "supply")?.data.coins.length).toBe(60);
  });

  it("that says the same in a later run keeps its file and is still of that run", async () => {
    const lanes = ["fx", "supply", "prices", "pegs"];
    await world.run(START_SEC + 3.25 * HALF_HOUR_SEC, { lanes });
    const before = [text("depeg-events"), readSnapshot(world.dataDir, "depeg-events")?.asOf];
    await world.run(START_SEC + 3.5 * HALF_HOUR_SEC, { lanes });
    expect(text("depeg-events")).toBe(before[0]);
    expect(readSnapshot(world.dataDir, "depeg-events")?.asOf).toBe(START_SEC + 3.5 * HALF_HOUR_SEC);
    expect((await verifyData(world.dataDir)).problems).toEqual([]);
  });

  it("stops the run beside a damaged one, names that one and changes nothing", async () => {
    const path = join(world.dataDir, snapshotPath("supply"));
    const good = text("supply");
    writeFileSync(path, "{");
    const before = text("stablecoins");
    await expect(world.run(START_SEC + 4 * HALF_HOUR_SEC, { lanes: ["prices"] })).rejects.toMatchObject({
      code: "snapshot-damaged",
      where: path,
    });
    expect(text("stablecoins")).toBe(before);
    writeFileSync(path, good);
    await world.run(START_SEC + 4 * HALF_HOUR_SEC, { lanes: ["prices"] });
    expect(readSnapshot(world.dataDir, "stablecoins")?.generatedAt).toBe(START_SEC + 4 * HALF_HOUR_SEC);
  });
});

describe("snapshot files", () => {
  it("have a steady size, so that git packs neighbours in time against each other", () => {
    const bytes = Buffer.byteLength(text("stablecoins"));
    expect(bytes % 512).toBe(0);
    expect(text("stablecoins")).toMatch(/\} *\n$/);
  });
});
