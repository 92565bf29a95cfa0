/**
 * How long the site takes to build for all coins of the registry, and what its pages weigh on the wire.
 *
 * A page's weight is its HTML and every script and style sheet it links from this site, each compressed with gzip -9.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { hasChromium } from "../../site/test-support/browser.ts";
import type { Benchmark, Measurement } from "./benchmark.ts";

const HOME = resolve(import.meta.dirname, "..", "..");
const OUT = join(".plumbline", "bench-site");
const LIMIT_SEC = 15;
const LIMITS_KB = { home: 60, coin: 40 };
const KB = 1000;

function gzipped(file: string): number {
  return gzipSync(readFileSync(file), { level: 9 }).length;
}

/** Bytes of a page with what it links; the same file is counted once. */
export function pageBytes(dist: string, page: string): number {
  const html = readFileSync(join(dist, page), "utf8");
  const links = [...html.matchAll(/<(?:script[^>]+src|link[^>]+href)="([^"]+\.(?:js|css))"/g)].map(
    (match) => match[1]!,
  );
  const files = new Set(links.map((link) => join(dist, link.replace(/^(?:https?:\/\/[^/]+)?\//, ""))));
  return gzipped(join(dist, page)) + [...files].filter(existsSync).reduce((sum, file) => sum + gzipped(file), 0);
}

function coinPages(dist: string): string[] {
  const folder = ["coins", "coin"].find((name) => existsSync(join(dist, name)));
  if (!folder) return [];
  return readdirSync(join(dist, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".html"))
    .map((path) => join(folder, path));
}

/** The page of a coin itself, and none below it. */
const isCoinPage = (page: string) => page.split("/").length === 3;

export const siteBuild: Benchmark = {
  name: "site",
  about: "astro build over the demo's record, page weights with scripts and styles, and what Lighthouse says",
  async run({ record, log }) {
    if (!existsSync(join(HOME, "site", "pages"))) {
      log("site: there is no site/pages yet, nothing measured");
      return [];
    }
    const { dataDir } = await record();
    const dist = join(HOME, OUT);
    rmSync(dist, { recursive: true, force: true });
    const startedMs = performance.now();
    await promisify(execFile)("npm", ["run", "-s", "build"], {
      cwd: HOME,
      env: { ...process.env, PLUMBLINE_DATA: dataDir, PLUMBLINE_OUT: OUT, ASTRO_TELEMETRY_DISABLED: "1" },
      maxBuffer: 1 << 26,
    });
    const seconds = (performance.now() - startedMs) / 1000;
    const coins = coinPages(dist)
      .map((page) => ({ page, bytes: pageBytes(dist, page) }))
      .sort((a, b) => a.bytes - b.bytes);
    if (coins.length === 0) {
      log("site: the build has no coin pages yet, nothing measured");
      return [];
    }
    const rows: Measurement[] = [
      {
        what: `site build, ${coins.filter(({ page }) => isCoinPage(page)).length} coins`,
        measured: seconds,
        unit: "s",
        yardstick: LIMIT_SEC,
        from: "issue 2",
        better: "less",
      },
    ];
    const weight = (what: string, bytes: number, limit: number): Measurement => ({
      what,
      measured: bytes / KB,
      unit: "KB gzip",
      yardstick: limit,
      from: "issue 2",
      better: "less",
    });
    rows.push(weight("home page", pageBytes(dist, "index.html"), LIMITS_KB.home));
    const [heaviest, middle] = [coins.at(-1), coins[Math.floor(coins.length / 2)]];
    if (heaviest && middle) {
      rows.push(weight(`coin page, heaviest (${heaviest.page})`, heaviest.bytes, LIMITS_KB.coin));
      rows.push(weight("coin page, median", middle.bytes, LIMITS_KB.coin));
      if (hasChromium()) {
        const { pageScores } = await import("./page-scores.ts");
        const coin = coins.findLast(({ page }) => isCoinPage(page))?.page ?? heaviest.page;
        rows.push(...(await pageScores(dist, ["/", `/${coin.replace(/index\.html$/, "")}`])));
      } else log("site: chromium is absent, Lighthouse was not asked");
    }
    return rows;
  },
};
