/** What Lighthouse says of built pages, as a phone over a slow line sees them: one look each. */
import { createServer } from "node:net";
import lighthouse from "lighthouse";
import { openBrowser } from "../../site/test-support/browser.ts";
import { serveStatic } from "../../site/test-support/serve.ts";
import type { Measurement } from "./benchmark.ts";

const LEAST = { performance: 95, accessibility: 100, "best-practices": 100, seo: 100 } as const;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("the loopback gave no port");
  return address.port;
}

/** Scores of `paths` of the site in `dist`, 0 to 100, by category. Needs Debian's chromium. */
export async function pageScores(dist: string, paths: readonly string[]): Promise<Measurement[]> {
  const port = await freePort();
  const server = await serveStatic(dist);
  const browser = await openBrowser([`--remote-debugging-port=${port}`]);
  try {
    const rows: Measurement[] = [];
    for (const path of paths) {
      const result = await lighthouse(`${server.url}${path}`, {
        port,
        logLevel: "silent",
        onlyCategories: Object.keys(LEAST),
      });
      for (const [category, least] of Object.entries(LEAST)) {
        const score = result?.lhr.categories[category]?.score;
        if (score === null || score === undefined) throw new Error(`Lighthouse gave no ${category} of ${path}`);
        rows.push({
          what: `Lighthouse, ${category} of ${path}`,
          measured: Math.round(score * 100),
          unit: "of 100",
          yardstick: least,
          from: "issue 2",
          better: "more",
        });
      }
    }
    return rows;
  } finally {
    await browser.close();
    await server.close();
  }
}
