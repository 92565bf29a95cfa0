import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { HtmlValidate } from "html-validate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReportCards } from "../pipeline/schema/report-cards.ts";
import { FEED_SUBJECTS } from "./api/judgement-events.ts";
import type { CoinProfile } from "./api/profiles.ts";
import { gradesAfter } from "./lib/standings.ts";
import { hasChromium, openBrowser } from "./test-support/browser.ts";
import { type BuiltSite, buildSite } from "./test-support/build-demo.ts";
import { filesBelow, localLinks } from "./test-support/dist-files.ts";
import { expectFilteredEvents } from "./test-support/event-filters.ts";
import { fileFor, serveStatic } from "./test-support/serve.ts";

const SAMPLE = [
  "index.html",
  "coin/usdc-circle/index.html",
  "coin/aseed-acala/index.html",
  "coin/usdc-circle/events/index.html",
  "exits/index.html",
  "status/index.html",
  "data/index.html",
  "methodology/index.html",
  "about/index.html",
  "depegs/index.html",
  "safety/index.html",
  "stability/index.html",
  "liquidity/index.html",
  "chains/index.html",
  "chains/ethereum/index.html",
  "freezes/index.html",
  "yields/index.html",
  "coverage/index.html",
  "discovery/index.html",
  "changes/index.html",
  "digest/index.html",
  "digest/2026-11-20/index.html",
  "compare/index.html",
  "portfolio/index.html",
  "safety/stress-test/index.html",
  "cemetery/index.html",
  "more/index.html",
  "404.html",
];
const KB = 1024;

let site: BuiltSite;
const read = (path: string) => readFileSync(join(site.dist, path), "utf8");
const json = (path: string) => JSON.parse(read(path)) as Record<string, unknown>;

beforeAll(async () => {
  site = await buildSite(4);
}, 480_000);
afterAll(() => site?.remove());

/** Every JSON file of the API with the schema that describes it, as the index says. */
function filesWithSchemas(): [file: string, schema: string][] {
  const index = json("api/v1/index.json") as { data: { files: { path: string; schema: string | null }[] } };
  const all = filesBelow(join(site.dist, "api/v1"), ".json");
  const described = index.data.files.flatMap(({ path, schema }) => {
    const pattern = new RegExp(`^${path.replace(".", "\\.").replace("{id}", "[^/]+")}$`);
    return schema ? all.filter((file) => pattern.test(file)).map((file): [string, string] => [file, schema]) : [];
  });
  return [["index.json", "schemas/index.json"], ...described];
}

describe("the static API of a built site", () => {
  it("every JSON file is valid against its published schema (draft 2020-12, strict)", () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
    addFormats.default(ajv);
    const pairs = filesWithSchemas();
    expect(pairs.length).toBeGreaterThan(1500);
    const validators = new Map<string, ReturnType<typeof ajv.compile>>();
    for (const [file, schema] of pairs) {
      const validate = validators.get(schema) ?? ajv.compile(json(`api/v1/${schema}`));
      validators.set(schema, validate);
      const isValid = validate(json(`api/v1/${file}`));
      expect(isValid, `${file}: ${ajv.errorsText(validate.errors)}`).toBe(true);
    }
    const left = filesBelow(join(site.dist, "api/v1"), ".json").filter(
      (file) => !pairs.some(([known]) => known === file) && !file.startsWith("schemas/"),
    );
    expect(left).toEqual(["openapi.json"]);
  });

  it("everything says that it is simulated", () => {
    for (const [file] of filesWithSchemas().filter(([, schema]) => schema !== "schemas/badge.json"))
      expect(json(`api/v1/${file}`).simulated, file).toBe(true);
    for (const file of filesBelow(site.dist, ".csv")) expect(read(file), file).toContain("SIMULATED");
    for (const file of filesBelow(site.dist, ".html")) expect(read(file), file).toContain('class="simulated"');
    expect(read("feeds/events.atom")).toContain("<title>SIMULATED");
    expect(read("llms.txt")).toContain("SIMULATED");
    expect((json("api/v1/badges/usdc-circle.json") as { label: string }).label).toContain("simulated");
  });

  it("snapshots and history are served byte for byte as the manifest says", async () => {
    const { sha256 } = await import("../pipeline/publish/hash.ts");
    const [manifest, sealed] = ["api/v1/manifest.json", "data/history/sealed.json"].map(
      (path) => json(path) as unknown as { files: { path: string; sha256: string }[] },
    );
    expect(sealed?.files.some(({ path }) => path.endsWith(".parquet"))).toBe(true);
    const served = [...(manifest?.files ?? []), ...(sealed?.files ?? [])].filter(({ path }) =>
      /^(history|snapshots)\//.test(path),
    );
    expect(served.length).toBeGreaterThan(10);
    for (const file of served)
      expect(sha256(readFileSync(join(site.dist, "data", file.path))), file.path).toBe(file.sha256);
    const parts = json("data/datapackage.json").resources as { path: string[] }[];
    for (const path of parts.flatMap((part) => part.path))
      expect(fileFor(site.dist, `/data/${path}`), path).not.toBeNull();
  });

  it("OpenAPI 3.1 names every file pattern of the index", () => {
    const document = json("api/v1/openapi.json") as { openapi: string; paths: Record<string, unknown> };
    expect(document.openapi).toBe("3.1.0");
    const index = json("api/v1/index.json") as { data: { files: { path: string }[] } };
    for (const { path } of index.data.files) expect(Object.keys(document.paths)).toContain(`/${path}`);
  });

  it.each(["events", ...FEED_SUBJECTS.map(({ name }) => name)])(
    "the feed of %s has items with addresses that lead to a page of ours, each once, newest first",
    (name) => {
      const feed = json(`feeds/${name}.json`) as {
        items: { id: string; title: string; content_html?: string; summary?: string; date_published: string }[];
      };
      // No upstream of the demo fails three times in a row.
      if (name === "circuits") expect(feed.items).toEqual([]);
      else expect(feed.items.length).toBeGreaterThan(0);
      const ids = feed.items.map((item) => item.id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) {
        const { pathname } = new URL(id);
        expect(fileFor(site.dist, pathname), id).not.toBeNull();
      }
      const times = feed.items.map((item) => item.date_published);
      expect(times).toEqual([...times].sort().reverse());
      for (const { title } of feed.items) expect(title).toMatch(/^SIMULATED: .{5,}/);
      const atom = read(`feeds/${name}.atom`);
      expect(atom.match(/<entry>/g) ?? []).toHaveLength(ids.length);
    },
  );
});

describe("the profiles that compare, portfolio and stress test read", () => {
  it("give the grades that the lane publishes for the failure of every single coin", () => {
    const coins = (json("api/v1/profiles.json") as { data: { coins: CoinProfile[] } }).data.coins;
    const { stressTests } = (json("api/v1/report-cards.json") as { data: ReportCards }).data;
    expect(coins.length).toBeGreaterThan(500);
    expect(stressTests.length).toBeGreaterThan(5);
    for (const { id, changes } of stressTests) {
      const moves = gradesAfter(coins, [{ kind: "coin", what: id }]).filter(({ isDirect }) => !isDirect);
      const byId = new Map(moves.map(({ coin, score, grade }) => [coin.id, { score, grade }]));
      expect(Object.fromEntries(byId), id).toEqual(
        Object.fromEntries(changes.map((change) => [change.id, { score: change.score, grade: change.grade }])),
      );
    }
    expect(gradesAfter(coins, [])).toEqual([]);
  });
});

describe("the pages of a built site", () => {
  it("every local link and fragment leads somewhere", () => {
    const pages = filesBelow(site.dist, ".html");
    expect(pages.length).toBeGreaterThan(500);
    const html = new Map(pages.map((page) => [join(site.dist, page), read(page)]));
    const broken = new Set<string>();
    for (const [page, text] of html) {
      for (const link of localLinks(text)) {
        const [path = "", fragment] = link.split("#");
        const file = path === "" ? page : fileFor(site.dist, path);
        if (!file) broken.add(`${page}: ${link}`);
        else if (fragment && !html.get(file)?.includes(`id="${fragment}"`)) broken.add(`${page}: ${link}`);
      }
    }
    expect([...broken].slice(0, 10)).toEqual([]);
  });

  it("are valid HTML", async () => {
    const validator = new HtmlValidate({
      extends: ["html-validate:recommended"],
      rules: {
        // Astro writes void elements, doctype and quotes its own way; long titles are for people.
        "void-style": "off",
        "doctype-style": "off",
        "no-trailing-whitespace": "off",
        "attr-quotes": "off",
        "long-title": "off",
        "no-inline-style": "error",
        "require-sri": "off",
      },
    });
    for (const page of SAMPLE) {
      const report = await validator.validateString(read(page), page);
      const messages = report.results.flatMap((result) =>
        result.messages.map((message) => `${page}:${message.line} ${message.ruleId} ${message.message}`),
      );
      expect(messages).toEqual([]);
    }
  });

  it("answer the questions in text, without a script", () => {
    const coin = read("coin/usdc-circle/index.html").replace(/<script[\s\S]*?<\/script>/g, "");
    for (const words of ["On its peg", "in circulation", "As of", "Who says so", "coingecko"])
      expect(coin).toContain(words);
    expect(read("coin/aseed-acala/index.html")).toContain("the coin is dead");
    expect(read("index.html")).toContain("with a fixed peg and a price");
  });

  it("ask nothing from outside and carry a content security policy", () => {
    for (const page of SAMPLE) {
      const text = read(page);
      expect(text).toMatch(/http-equiv="content-security-policy"/i);
      expect(text).not.toMatch(/<(?:script|img|iframe|link rel="stylesheet")[^>]+(?:src|href)="https?:/);
      expect(text).not.toMatch(/\sstyle="/);
    }
  });

  it("stay small: home 60 KB, a coin 40 KB, with styles and scripts, gzipped", () => {
    const weight = (page: string) => {
      const text = read(page);
      const assets = localLinks(text).filter((link) => /\.(css|js)$/.test(link));
      const parts = [text, ...assets.map((link) => readFileSync(fileFor(site.dist, link) ?? "", "utf8"))];
      return parts.reduce((sum, part) => sum + gzipSync(part).length, 0);
    };
    expect(weight("index.html")).toBeLessThan(60 * KB);
    const coins = filesBelow(site.dist, ".html").filter((page) => page.startsWith("coin/"));
    const heaviest = Math.max(...coins.map(weight));
    console.log(
      `home ${(weight("index.html") / KB).toFixed(1)} KB, heaviest coin ${(heaviest / KB).toFixed(1)} KB; build ${site.buildSeconds.toFixed(1)} s`,
    );
    expect(heaviest).toBeLessThan(40 * KB);
  });
});

describe("before the first run", () => {
  it("every page builds, says so, and the index gives reasons", async () => {
    const empty = await buildSite(null);
    try {
      const text = (path: string) => readFileSync(join(empty.dist, path), "utf8");
      const index = JSON.parse(text("api/v1/index.json")) as {
        asOf: number | null;
        data: { files: { path: string; available: boolean; reason: string | null }[] };
      };
      if (index.asOf !== null) return; // data/ has been published meanwhile
      for (const page of ["index.html", "coin/usdc-circle/index.html", "status/index.html", "data/index.html"])
        expect(text(page)).toContain("No snapshot yet");
      for (const file of index.data.files.filter(({ path }) => !path.startsWith("badges")))
        expect([file.available, file.reason]).toEqual([false, expect.stringMatching(/^no-|^Data not yet available$/)]);
    } finally {
      empty.remove();
    }
  }, 240_000);
});

describe.skipIf(!hasChromium())("in a browser (skipped where /usr/bin/chromium is absent)", () => {
  const PAGES = [
    "/",
    "/coin/usdc-circle/",
    "/coin/rlusd-ripple/",
    "/coin/usdc-circle/events/",
    "/flows/",
    "/status/",
    "/data/",
    "/methodology/",
    "/about/",
    "/depegs/",
    "/safety/",
    "/stability/",
    "/liquidity/",
    "/chains/",
    "/chains/ethereum/",
    "/freezes/",
    "/yields/",
    "/coverage/",
    "/discovery/",
    "/changes/",
    "/digest/",
    "/digest/2026-11-20/",
    "/compare/?coins=usdc-circle,usdt-tether,dai-makerdao,ghost-coin",
    "/portfolio/#usdc-circle=1000&dai-makerdao=5@Ethereum&ghost-coin=1",
    "/safety/stress-test/?fail=coin:usdc-circle,chain:Tron",
    "/cemetery/",
    "/more/",
    "/coin/usdc-cirkle/",
  ];

  it("axe finds nothing, nothing overflows and nothing is blocked: light and dark, 320 and 1280 px", async () => {
    const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
    const server = await serveStatic(site.dist);
    const browser = await openBrowser();
    try {
      const found: string[] = [];
      for (const colorScheme of ["light", "dark"] as const)
        for (const width of [320, 1280]) {
          const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
          for (const path of PAGES) {
            const page = await context.newPage();
            await page.goto(server.url + path);
            await page.evaluate(axe);
            const violations = await page.evaluate(async () => {
              const { axe: tool } = globalThis as unknown as {
                axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
              };
              return (await tool.run()).violations.map(
                ({ id, nodes }) => `${id} x${nodes.length}: ${nodes[0]?.html.slice(0, 160)}`,
              );
            });
            const overflow = await page.evaluate(
              () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            if (overflow > 0) violations.push(`overflows by ${overflow} px`);
            found.push(...violations.map((violation) => `${path} ${colorScheme} ${width}: ${violation}`));
            await page.close();
          }
          await context.close();
        }
      expect(found).toEqual([]);
    } finally {
      await browser.close();
      await server.close();
    }
  }, 480_000);

  it("the table sorts, searches and keeps its state in the address; `/` finds the search; 404 offers a coin; the policy blocks nothing", async () => {
    const server = await serveStatic(site.dist);
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" && !message.text().includes("404")) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(server.url);
      const first = () => page.locator("#coin-table tbody tr:not([hidden]) th a").first().textContent();
      expect(await first()).toBe("USDT");
      await page.getByRole("button", { name: "Coin", exact: true }).click();
      expect(await page.locator('th[aria-sort="ascending"]').textContent()).toBe("Coin");
      expect(page.url()).toContain("sort=coin");
      await page.keyboard.press("/");
      await page.keyboard.type("usdc-circle");
      expect(await first()).toBe("USDC");
      expect(page.url()).toContain("q=usdc-circle");
      await page.goto(`${server.url}/?peg=EUR&sort=-price`);
      expect(await page.locator("#coin-table tbody tr:not([hidden])").first().locator("td").first().textContent()).toBe(
        "EUR",
      );
      await page.goto(`${server.url}/coin/usdc-circle/`);
      await page.locator("details.source-chart summary").click();
      await page.locator(".source-chart svg path").first().waitFor({ state: "attached" });
      expect(await page.locator(".source-chart svg path").count()).toBeGreaterThan(3);
      await page.goto(`${server.url}/exits/?sort=-exit`);
      expect(await page.locator('#exit-table th[aria-sort="descending"]').count()).toBe(1);
      await page.goto(`${server.url}/coin/usdc-cirkle/`);
      await page.locator("#did-you-mean a").first().waitFor();
      expect(await page.locator("#did-you-mean a").first().textContent()).toBe("usdc-circle");
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await server.close();
    }
  }, 180_000);

  it("compare, portfolio and stress test follow their address and the hand, and leave no trace but the address", async () => {
    const server = await serveStatic(site.dist);
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const asked: string[] = [];
      const complaints: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      const tool = (id: string) => page.locator(id);
      const says = (id: string) => tool(id).locator("[data-say]");

      await page.goto(`${server.url}/compare/?coins=usdc-circle,ghost-coin`);
      await tool("#compare").locator("thead a").first().waitFor();
      expect(await says("#compare").textContent()).toContain("ghost-coin");
      await tool("#compare").locator("input").fill("DAI");
      await tool("#compare").getByRole("button", { name: "Add" }).click();
      expect(page.url()).toContain("coins=usdc-circle,ghost-coin,dai-makerdao");
      expect(await tool("#compare").locator("thead a").allTextContents()).toEqual(["USDC", "DAI"]);

      await page.goto(`${server.url}/safety/stress-test/`);
      await tool("#stress-test").locator("input").fill("usdc-circle");
      await tool("#stress-test").getByRole("button", { name: "Let it fail" }).click();
      expect(await says("#stress-test").textContent()).toMatch(/^[1-9]\d* scores would change/);
      expect(decodeURIComponent(page.url())).toContain("fail=coin:usdc-circle");
      await tool("#stress-test").getByRole("button", { name: /Undo/ }).click();
      expect(await says("#stress-test").textContent()).toBe("Nothing fails yet.");

      asked.length = 0;
      await page.goto(`${server.url}/portfolio/#usdc-circle=1234567`);
      await tool("#portfolio").locator("tbody a").first().waitFor();
      expect(await says("#portfolio").textContent()).toContain("$1.23m by today's prices");
      await tool("#portfolio").locator("input[name=coin]").fill("dai-makerdao");
      await tool("#portfolio").locator("input[name=tokens]").fill("7654321");
      await tool("#portfolio").getByRole("button", { name: "Add" }).click();
      expect(new URL(page.url()).hash).toBe("#usdc-circle=1234567&dai-makerdao=7654321");
      expect(asked.filter((url) => /1234567|7654321/.test(url.split("#")[0] ?? ""))).toEqual([]);
      expect(await page.evaluate(() => localStorage.length + document.cookie.length)).toBe(0);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await server.close();
    }
  }, 180_000);

  it("a coin's events are filtered over all of them by ranges of its Parquet file, and read without a script", async () => {
    await expectFilteredEvents(site.dist);
  }, 180_000);
});
