import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { TIMETABLE } from "./lanes.ts";

const PIPELINE = import.meta.dirname;
const HOME = resolve(PIPELINE, "..");
const LANE_FOLDERS = [
  "fx",
  "supply",
  "liquidity",
  "prices",
  "pegs",
  "discovery",
  "flows",
  "reserves",
  "redemption",
  "safety",
  "yields",
  "freezes",
  "stress",
  "stability",
  "chains",
  "daily",
];

interface Import {
  from: string;
  to: string;
}

/** Every relative import of every source file below `folder`, as paths from the repository's root. */
function importsBelow(folder: string): Import[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|astro)$/.test(entry.name) && !entry.name.includes(".test."))
    .flatMap((entry) => {
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, "utf8");
      return [...text.matchAll(/(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g)].map((match) => ({
        from: relative(HOME, file),
        to: relative(HOME, resolve(dirname(file), match[1] as string)),
      }));
    });
}

const imports = importsBelow(PIPELINE);
const folderOf = (path: string) => path.split("/")[1] ?? "";

describe("arrows go one way", () => {
  it("looked at the imports of the whole pipeline", () => {
    expect(imports.length).toBeGreaterThan(200);
    for (const lane of LANE_FOLDERS)
      expect(imports.some((each) => each.from.startsWith(`pipeline/${lane}/`))).toBe(true);
    expect(TIMETABLE.map((entry) => entry.name).sort()).toEqual([...LANE_FOLDERS].sort());
  });

  it("a lane never imports another lane", () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        LANE_FOLDERS.includes(folderOf(from)) && LANE_FOLDERS.includes(folderOf(to)) && folderOf(from) !== folderOf(to),
    );
    expect(wrong).toEqual([]);
  });

  it("sources know nothing of lanes, store or publish", () => {
    const forbidden = [...LANE_FOLDERS, "store", "publish", "simulator"];
    expect(imports.filter(({ from, to }) => folderOf(from) === "sources" && forbidden.includes(folderOf(to)))).toEqual(
      [],
    );
  });

  it("only publish and the run write below data/", () => {
    const lanesThatPublish = imports.filter(
      ({ from, to }) => LANE_FOLDERS.includes(folderOf(from)) && /publish\/(staging|apply|git|push)/.test(to),
    );
    expect(lanesThatPublish).toEqual([]);
    const writers = /\b(writeFileSync|renameSync|writeFile|rename)\(/;
    const writing = [...new Set(imports.map(({ from }) => from))].filter(
      (file) => LANE_FOLDERS.includes(folderOf(file)) && writers.test(readFileSync(join(HOME, file), "utf8")),
    );
    expect(writing).toEqual([]);
  });

  it("the simulator is loaded by nothing that runs for real", () => {
    const users = imports
      .filter(({ from, to }) => folderOf(to) === "simulator" && folderOf(from) !== "simulator")
      .map(({ from }) => from);
    const allowed = /^pipeline\/(demo\.ts|bench\/|test-support\/)/;
    expect(users.filter((file) => !allowed.test(file))).toEqual([]);
  });

  it("the site reads schemas, the registry, published data and the store, and calls no source", () => {
    const site = importsBelow(join(HOME, "site")).filter(({ to }) => to.startsWith("pipeline/"));
    expect(site.length).toBeGreaterThan(3);
    const wrong = site.filter(({ to }) =>
      /^pipeline\/(sources|simulator|run\.ts|prices|fx|supply|pegs|reserves|redemption\/|daily)\b/.test(to),
    );
    expect(wrong).toEqual([]);
  });
});
