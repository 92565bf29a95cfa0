/** The filters of a coin's events page in a real browser, over a file so large that ranges matter. */
import { copyFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { amountUsdOf, flowId, isCounted, toEvent } from "../../pipeline/flow-figures.ts";
import { makeEventTable, writeEventFiles } from "../lib/flow-events.ts";
import { exact } from "../lib/format.ts";
import { openBrowser } from "./browser.ts";
import { manyEvents } from "./many-events.ts";
import { serveStatic } from "./serve.ts";

const COIN = "usdc-circle";
const EVENTS = 60_000;
const AT_LEAST = 2_000_000;

export async function expectFilteredEvents(dist: string): Promise<void> {
  const served = join(dist, `api/v1/mint-burn-events/${COIN}.parquet`);
  const built = readFileSync(served);
  expect(built.subarray(0, 4).toString()).toBe("PAR1");
  const many = await manyEvents(COIN, EVENTS);
  const server = await serveStatic(dist);
  const browser = await openBrowser();
  try {
    await makeEventTable(many.store, []);
    const files = await writeEventFiles(many.store, [COIN], many.folder, { runId: "a-test", asOf: 0, simulated: true });
    copyFileSync(files.get(COIN) as string, served);
    const size = statSync(served).size;
    expect(size).toBeGreaterThan(2_000_000);

    const expected = many.rows
      .map((row) => toEvent(row))
      .filter((event) => isCounted(event) && event.direction === "burn" && (amountUsdOf(event) ?? 0) >= AT_LEAST)
      .sort((a, b) => b.timestamp - a.timestamp || b.blockNumber - a.blockNumber || (flowId(b) > flowId(a) ? 1 : -1));
    expect(expected.length).toBeGreaterThan(500);

    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    const output = page.locator("#event-filters output");
    const answered = (times: number) => page.locator(`#event-filters output[data-done="${times}"]`).waitFor();

    await page.goto(`${server.url}/coin/${COIN}/events/`);
    await page.locator("select[name=direction]").selectOption("burn");
    await answered(1);
    await page.locator("select[name=scope]").selectOption("counted");
    await answered(2);
    await page.getByLabel("At least, USD").fill(String(AT_LEAST));
    await page.getByLabel("Sums over hours").fill("48");
    await page.getByRole("button", { name: "Show" }).click();
    await answered(3);
    expect(page.url()).toContain("direction=burn");
    expect(page.url()).toContain(`minAmount=${AT_LEAST}`);
    expect(await output.textContent()).toMatch(
      new RegExp(`^${exact(expected.length)} found; last 48 h: minted .+, burned .+, net .+$`),
    );
    const amounts = () => page.locator("#events tbody td:nth-child(3)").allTextContents();
    expect(await amounts()).toEqual(expected.slice(0, 50).map(({ amount }) => exact(amount)));

    // The address alone gives the same, one page further.
    await page.locator("#event-pages a[rel=next]").click();
    await answered(1);
    expect(page.url()).toContain("offset=50");
    expect(await amounts()).toEqual(expected.slice(50, 100).map(({ amount }) => exact(amount)));
    await page.goto(`${server.url}/coin/${COIN}/events/?limit=9999`);
    expect(await output.textContent()).toContain("limit must be a whole number from 1 to 500");
    expect(complaints).toEqual([]);

    const asked = server.served.filter(({ path }) => path.endsWith(".parquet"));
    expect(asked.filter(({ method }) => method === "GET").length).toBeGreaterThan(3);
    for (const { method, range } of asked) expect(method === "HEAD" || range !== null).toBe(true);

    // One question by a reader who has nothing yet: less than a third of the file.
    server.served.length = 0;
    const cold = await (await browser.newContext()).newPage();
    const reads = (times: number) => cold.locator(`#event-filters output[data-done="${times}"]`).waitFor();
    await cold.goto(`${server.url}/coin/${COIN}/events/?scope=counted`);
    await reads(1);
    const fetched = server.served
      .filter(({ path }) => path.endsWith(".parquet"))
      .reduce((sum, { bytes }) => sum + bytes, 0);
    console.log(
      `events: ${(size / 1e6).toFixed(1)} MB of Parquet, ${(fetched / 1e3).toFixed(0)} KB fetched for one question`,
    );
    expect(fetched).toBeGreaterThan(10_000);
    expect(fetched).toBeLessThan(size / 3);

    // A newer file under an open page: it is said, and nothing is shown that mixes both.
    const shown = await cold.locator("#events tbody").textContent();
    writeFileSync(served, built);
    await cold.locator("input[name=minAmount]").fill("5");
    await cold.getByRole("button", { name: "Show" }).click();
    await reads(2);
    expect(await cold.locator("#event-filters output").textContent()).toContain(
      "a newer record was published meanwhile",
    );
    expect(await cold.locator("#events tbody").textContent()).toEqual(shown);

    const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await plain.goto(`${server.url}/coin/${COIN}/events/`);
    expect(await plain.locator("#event-filters").isVisible()).toBe(false);
    expect(await plain.locator("#events tbody tr").count()).toBeGreaterThan(0);
    expect(await plain.getByRole("link", { name: "Parquet" }).getAttribute("href")).toContain(`${COIN}.parquet`);
  } finally {
    writeFileSync(served, built);
    await browser.close();
    await server.close();
    many.remove();
  }
}
