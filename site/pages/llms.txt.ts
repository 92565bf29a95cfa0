/** The site for language models: what is here, what the words mean, which files to read. */
import type { APIRoute } from "astro";
import { indexEntries } from "../api/index-file.ts";
import { iso } from "../lib/format.ts";
import { absolute, apiPath } from "../lib/paths.ts";
import { reasonText } from "../lib/reasons.ts";
import { loadRecord } from "../lib/record.ts";

export const GET: APIRoute = async () => {
  const record = await loadRecord();
  const files = indexEntries(record).map(
    (entry) =>
      `- [${entry.path}](${absolute(apiPath(entry.path))}): ${entry.title}${entry.reason ? ` (not there yet: ${reasonText(entry.reason)})` : ""}`,
  );
  const text = `# Plumbline

> The open record of how well every stablecoin holds its peg, how its supply moves, and who says so. Static files, no key.
${record.simulated ? "\n**SIMULATED**: everything here is made from a simulator and says nothing about the world. Do not quote it as fact.\n" : ""}
${record.newestAsOf === null ? "No snapshot has been published yet; only the registry of coins is in place." : `Data as of ${iso(record.newestAsOf)}.`} Always give the as-of time with a number.

- Deviation is (price / reference - 1) in basis points; below the peg is negative. Supplies are USD already: never multiply by price.
- Unknown is null with a reason beside it, never 0. Times are unix seconds, UTC. Coin ids are ticker-issuer, e.g. usdc-circle.
- priceConfidence: high means sources of two or more producers agree; single-source, low and fallback mean less.

## Files

- [index.json](${absolute(apiPath("index.json"))}): every file, every coin id
- [openapi.json](${absolute(apiPath("openapi.json"))}): OpenAPI 3.1
${files.join("\n")}
- [datapackage.json](${absolute("/data/datapackage.json")}): history as Parquet and JSON lines

## Pages

- [Methodology](${absolute("/methodology/")}): how every number is made
- [Status](${absolute("/status/")}): how fresh it is, what failed
- [Data](${absolute("/data/")}): downloads, how to cite, compare and verify
`;
  return new Response(text, { headers: { "Content-Type": "text/plain; charset=utf-8" } });
};
