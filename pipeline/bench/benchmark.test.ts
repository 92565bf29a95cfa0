import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../publish/run-git.ts";
import { formatTable, type Measurement, missesYardstick } from "./benchmark.ts";
import { growth, packedSizes, totalBytes } from "./packed-sizes.ts";
import { pageBytes } from "./site-build.ts";

const row = (measured: number, better: Measurement["better"], yardstick: number | null = 10): Measurement => ({
  what: "w",
  measured,
  unit: "s",
  yardstick,
  from: "f",
  better,
});

describe("a yardstick", () => {
  it("is kept at equality, either way round, and never missed where there is none", () => {
    expect([row(10, "less"), row(10, "more"), row(99, "less", null)].some(missesYardstick)).toBe(false);
  });
  it("of nothing is kept by nothing alone", () => {
    expect(formatTable([row(0, "less", 0)])).toMatch(/\| 1\.00 +\|/);
    expect(missesYardstick(row(1, "less", 0))).toBe(true);
  });
  it("is missed above where less is better and below where more is", () => {
    expect([row(10.1, "less"), row(9.9, "more")].every(missesYardstick)).toBe(true);
    expect(formatTable([row(20, "less")])).toMatch(/\| 20\.0 s +\| <= 10\.0 s +\| 2\.00 OVER \|/);
  });
});

describe("packed sizes", () => {
  it("group every byte of the pack by what it belongs to, old versions included", async () => {
    const root = mkdtempSync(join(tmpdir(), "plumbline-packed-"));
    try {
      await git(root, "init", "--quiet");
      const commit = async (path: string, text: string) => {
        mkdirSync(join(root, path, ".."), { recursive: true });
        writeFileSync(join(root, path), text);
        await git(root, "add", "--all");
        await git(root, "commit", "--quiet", "--message", path);
      };
      const words = (seed: number) =>
        Array.from({ length: 400 }, (_, i) => Math.imul(i + seed, 2_654_435_761)).join("\n");
      await commit("data/snapshots/supply.json", words(1));
      const before = await packedSizes(root);
      await commit("data/snapshots/supply.json", words(5000));
      await commit("data/history/prices/2026-11-20.parquet", words(9000));
      const after = await packedSizes(root);
      expect([...after.keys()].sort()).toEqual([
        "commits",
        "history, sealed Parquet",
        "snapshots/supply.json",
        "trees",
      ]);
      const grown = new Map(growth(before, after));
      expect(grown.get("snapshots/supply.json")).toBeGreaterThan(1000);
      expect(grown.get("history, sealed Parquet")).toBeGreaterThan(1000);
      expect([...grown.values()].reduce((a, b) => a + b, 0)).toBe(totalBytes(after) - totalBytes(before));
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe("a page's weight", () => {
  it("counts the page and each linked file of this site once", () => {
    const dist = mkdtempSync(join(tmpdir(), "plumbline-dist-"));
    try {
      writeFileSync(join(dist, "bare.html"), "<p>hello</p>");
      writeFileSync(join(dist, "a.css"), "p { color: red }".repeat(3));
      const link = '<link rel="stylesheet" href="/a.css">';
      writeFileSync(join(dist, "one.html"), `<p>hello</p>${link}`);
      writeFileSync(join(dist, "two.html"), `<p>hello</p>${link}${link}`);
      const [bare, one, two] = ["bare.html", "one.html", "two.html"].map((page) => pageBytes(dist, page));
      expect(one! - bare!).toBeGreaterThan(40);
      expect(two! - one!).toBeLessThan(10);
    } finally {
      rmSync(dist, { recursive: true, force: true });
    }
  });
});
