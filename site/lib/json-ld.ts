/** schema.org's Dataset for search engines of data. */
import { iso } from "./format.ts";
import { absolute, apiPath } from "./paths.ts";
import type { SiteRecord } from "./record.ts";

export function jsonLdDataset(record: SiteRecord): object {
  return {
    "@context": "https://schema.org",
    "@type": "Dataset",
    name: `Plumbline: stablecoin pegs and supply${record.simulated ? " (SIMULATED)" : ""}`,
    description:
      "Price, deviation from peg, every source's quote and verdict, and supply by chain of every known stablecoin, with history and provenance.",
    url: absolute("/data/"),
    license: "https://creativecommons.org/licenses/by/4.0/",
    isAccessibleForFree: true,
    creator: { "@type": "Organization", name: "Plumbline", url: absolute("/") },
    ...(record.newestAsOf === null ? {} : { dateModified: iso(record.newestAsOf) }),
    distribution: [
      {
        "@type": "DataDownload",
        encodingFormat: "application/json",
        contentUrl: absolute(apiPath("stablecoins.json")),
      },
      { "@type": "DataDownload", encodingFormat: "text/csv", contentUrl: absolute(apiPath("stablecoins.csv")) },
      { "@type": "DataDownload", encodingFormat: "application/json", contentUrl: absolute("/data/datapackage.json") },
    ].filter(() => record.snapshots.stablecoins !== null),
  };
}
