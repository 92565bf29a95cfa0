/** The API's front door: every file with its schema, its CSV twin, and, where it is missing, the reason. */
import { SCHEMA_VERSION } from "../../pipeline/schema/envelope.ts";
import type { SiteRecord } from "../lib/record.ts";
import { type ApiEndpoint, csvPath, ENDPOINTS, schemaPath } from "./endpoints.ts";
import { IndexFileSchema, IndexHeadSchema } from "./schemas.ts";

export const IndexSchema = IndexHeadSchema.extend({ data: IndexFileSchema });

function available(endpoint: ApiEndpoint, record: SiteRecord): boolean {
  if (endpoint.ids) return endpoint.ids(record).length > 0;
  return endpoint.body(record, "") !== null;
}

function reasonOf({ missing }: ApiEndpoint, record: SiteRecord): string {
  return typeof missing === "string" ? missing : missing(record);
}

export function indexEntries(record: SiteRecord) {
  return ENDPOINTS.map((endpoint) => {
    const isAvailable = available(endpoint, record);
    return {
      path: endpoint.path,
      title: endpoint.title,
      schema: schemaPath(endpoint),
      csv: isAvailable ? csvPath(endpoint) : null,
      parquet: isAvailable ? (endpoint.parquet ?? null) : null,
      files: isAvailable ? (endpoint.ids?.(record).length ?? 1) : 0,
      available: isAvailable,
      reason: isAvailable ? null : reasonOf(endpoint, record),
    };
  });
}

export function indexFile(record: SiteRecord) {
  const head = record.snapshots.status ?? record.snapshots.stablecoins ?? null;
  return {
    schemaVersion: SCHEMA_VERSION,
    dataset: "index",
    snapshotId: head?.snapshotId ?? null,
    runId: head?.runId ?? null,
    generatedAt: head?.generatedAt ?? null,
    asOf: head?.asOf ?? null,
    status: head?.status ?? ("stale" as const),
    reasons: head?.reasons ?? [{ code: "no-snapshot-yet", message: "No snapshot has been published yet" }],
    simulated: record.simulated,
    methodologyVersion: head?.methodologyVersion ?? null,
    sources: [],
    data: {
      files: indexEntries(record),
      coins: record.registry.coins.map((coin) => coin.id),
      runs: record.runs.map((run) => run.runId),
    },
  };
}
