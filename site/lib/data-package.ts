/** The history as a Frictionless data package: every file with its hash, every column with its type and meaning. */
import { z } from "zod";
import { type AnyHistory, HISTORY_DATASETS } from "../../pipeline/schema/history.ts";
import { listColumns } from "../../pipeline/store/open-rows.ts";
import { iso } from "./format.ts";
import { historyListing } from "./history-files.ts";
import type { SiteRecord } from "./record.ts";

const TYPES: Record<string, string> = { BIGINT: "integer", DOUBLE: "number", VARCHAR: "string", BOOLEAN: "boolean" };

/** `lists` are the columns of which a line holds many values. */
function tableSchema(dataset: AnyHistory, lists: readonly string[] = []) {
  const shape = (
    z.toJSONSchema(dataset.row, { io: "input" }) as { properties?: Record<string, { description?: string }> }
  ).properties;
  return {
    fields: Object.entries(dataset.columns).map(([name, type]) => ({
      name,
      type: lists.includes(name) ? "array" : (TYPES[type] ?? "any"),
      ...(shape?.[name]?.description ? { description: shape[name].description } : {}),
    })),
    primaryKey: dataset.key,
  };
}

export function dataPackage(record: SiteRecord): object {
  const listing = new Map(historyListing(record).map((set) => [set.name, set]));
  return {
    profile: "data-package",
    name: "plumbline",
    title: `Plumbline: stablecoin pegs and supply${record.simulated ? " (SIMULATED)" : ""}`,
    simulated: record.simulated,
    licenses: [{ name: "CC-BY-4.0", path: "https://creativecommons.org/licenses/by/4.0/", title: "CC BY 4.0" }],
    ...(record.newestAsOf === null ? {} : { created: iso(record.newestAsOf) }),
    resources: HISTORY_DATASETS.flatMap((dataset) =>
      (["parquet", "jsonl"] as const).flatMap((format) => {
        const files = (listing.get(dataset.name)?.files ?? []).filter((file) => file.path.endsWith(`.${format}`));
        if (files.length === 0) return [];
        return {
          name: format === "parquet" ? dataset.name : `${dataset.name}-open-day`,
          format,
          mediatype: format === "parquet" ? "application/vnd.apache.parquet" : "application/x-ndjson",
          path: files.map((file) => file.path),
          hash: files.map((file) => `sha256:${file.sha256}`),
          bytes: files.reduce((sum, file) => sum + file.bytes, 0),
          rows: files.reduce((sum, file) => sum + file.rows, 0),
          schema: tableSchema(dataset, format === "jsonl" ? listColumns(dataset) : []),
        };
      }),
    ),
  };
}
