/** Every file of the API with its text: what the catch-all route writes. */
import { csvText } from "../lib/csv.ts";
import { iso } from "../lib/format.ts";
import { absolute, apiPath } from "../lib/paths.ts";
import type { SiteRecord } from "../lib/record.ts";
import { type ApiEndpoint, csvPath, ENDPOINTS, jsonSchemaOf, schemaPath } from "./endpoints.ts";
import { IndexSchema, indexFile } from "./index-file.ts";
import { openapiDocument } from "./openapi.ts";

export interface ApiFile {
  path: string;
  type: "application/json" | "text/csv";
  text(): string;
}

const json = (value: unknown) => (typeof value === "string" ? value : `${JSON.stringify(value)}\n`);

function csvComments(record: SiteRecord, endpoint: ApiEndpoint): string[] {
  return [
    `Plumbline: ${endpoint.title}. CC BY 4.0. Described at ${absolute("/data/")}`,
    ...(record.newestAsOf === null ? [] : [`As of ${iso(record.newestAsOf)}. Lines that start with # are comments.`]),
    ...(record.simulated ? ["SIMULATED: made from simulated upstreams, not an observation of the world."] : []),
  ];
}

function endpointFiles(record: SiteRecord, endpoint: ApiEndpoint): ApiFile[] {
  const ids = endpoint.ids?.(record) ?? [""];
  if (!endpoint.ids && endpoint.body(record, "") === null) return [];
  const { table } = endpoint;
  const csv = csvPath(endpoint);
  return ids.flatMap((id) => [
    {
      path: endpoint.path.replace("{id}", id),
      type: "application/json" as const,
      text: () => json(endpoint.body(record, id)),
    },
    ...(csv && table
      ? [
          {
            path: csv.replace("{id}", id),
            type: "text/csv" as const,
            text: () => csvText(table(record, id) ?? { columns: [], rows: [] }, csvComments(record, endpoint)),
          },
        ]
      : []),
  ]);
}

/** A JSON Schema with its own address as $id. */
export function schemaText(dataset: string, schema: Parameters<typeof jsonSchemaOf>[0], title: string): string {
  const { $schema, ...rest } = jsonSchemaOf(schema);
  return json({ $schema, $id: absolute(apiPath(`schemas/${dataset}.json`)), title, ...rest });
}

export function apiFiles(record: SiteRecord): ApiFile[] {
  const schemas = ENDPOINTS.flatMap((endpoint): ApiFile[] => {
    const path = schemaPath(endpoint);
    const { schema } = endpoint;
    if (!path || !schema) return [];
    return [{ path, type: "application/json", text: () => schemaText(endpoint.dataset, schema, endpoint.title) }];
  });
  return [
    { path: "index.json", type: "application/json", text: () => json(indexFile(record)) },
    { path: "openapi.json", type: "application/json", text: () => json(openapiDocument()) },
    {
      path: "schemas/index.json",
      type: "application/json",
      text: () => schemaText("index", IndexSchema, "Every file of this API"),
    },
    ...schemas,
    ...ENDPOINTS.flatMap((endpoint) => endpointFiles(record, endpoint)),
  ];
}
