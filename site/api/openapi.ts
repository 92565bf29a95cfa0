/** The API as an OpenAPI 3.1 document, from the same schemas and the same list as the files. */
import { z } from "zod";
import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import { SCHEMA_VERSION } from "../../pipeline/schema/envelope.ts";
import { absolute, apiPath } from "../lib/paths.ts";
import { csvPath, ENDPOINTS } from "./endpoints.ts";
import { IndexSchema } from "./index-file.ts";

function operation(id: string, summary: string, type: string, schema: z.ZodType, hasId: boolean) {
  return {
    get: {
      operationId: id,
      summary,
      ...(hasId
        ? { requestParams: { path: z.object({ id: z.string().describe("Id as listed in index.json") }) } }
        : {}),
      responses: {
        "200": { description: summary, content: { [type]: { schema } } },
        ...(hasId ? { "404": { description: "No such id, or nothing is known of it yet" } } : {}),
      },
    },
  };
}

export function openapiDocument(): unknown {
  const paths: ZodOpenApiPathsObject = {
    "/index.json": operation("getIndex", "Every file of this API", "application/json", IndexSchema, false),
  };
  for (const endpoint of ENDPOINTS) {
    const id = `get-${endpoint.dataset}${endpoint.ids && endpoint.path.startsWith("stablecoins/") ? "-by-id" : ""}`;
    paths[`/${endpoint.path}`] = operation(
      id,
      endpoint.title,
      "application/json",
      endpoint.schema ?? z.unknown(),
      Boolean(endpoint.ids),
    );
    const csv = csvPath(endpoint);
    if (csv)
      paths[`/${csv}`] = operation(
        `${id}-csv`,
        `${endpoint.title}, as CSV`,
        "text/csv",
        z.string(),
        Boolean(endpoint.ids),
      );
    if (endpoint.parquet)
      paths[`/${endpoint.parquet}`] = operation(
        `${id}-parquet`,
        `${endpoint.title}, as Parquet for range requests`,
        "application/vnd.apache.parquet",
        z.string().meta({ format: "binary" }),
        Boolean(endpoint.ids),
      );
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Plumbline API",
      version: SCHEMA_VERSION,
      description:
        "Static files: no key, no rate limit of ours. Every file says when it is true (asOf), which run made it and whether it is simulated. Inside v1 shapes only grow.",
      license: { name: "CC BY 4.0", url: "https://creativecommons.org/licenses/by/4.0/" },
    },
    servers: [{ url: absolute(apiPath("")).replace(/\/$/, "") }],
    paths,
  });
}
