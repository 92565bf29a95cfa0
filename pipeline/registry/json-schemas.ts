/**
 * JSON Schemas of the hand-edited files, for completion and hints in an editor (.vscode/settings.json maps them).
 *
 * They are made from the zod schemas; after changing one, run `npm exec -- tsx pipeline/registry/write-json-schemas.ts`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ChainsFileSchema } from "../schema/chain.ts";
import { CoinSchema } from "../schema/coin.ts";
import { CorrectionsFileSchema, DoubtsFileSchema } from "../schema/correction.ts";
import { UpstreamsFileSchema } from "../schema/upstream.ts";

const schemas = {
  "chains.schema.json": ChainsFileSchema,
  "coin.schema.json": CoinSchema,
  "corrections.schema.json": CorrectionsFileSchema,
  "doubts.schema.json": DoubtsFileSchema,
  "upstreams.schema.json": UpstreamsFileSchema,
} satisfies Record<string, z.ZodType>;

/** File name to file content. Draft 7, because editors know it best. */
export function registryJsonSchemas(): Map<string, string> {
  const entries = Object.entries(schemas).map(([name, schema]): [string, string] => {
    return [name, `${JSON.stringify(z.toJSONSchema(schema, { target: "draft-7" }), null, 2)}\n`];
  });
  return new Map(entries);
}

/** Writes them under data/registry/schema and gives the paths. */
export function writeJsonSchemas(dataDir: string): string[] {
  const dir = join(dataDir, "registry/schema");
  mkdirSync(dir, { recursive: true });
  return [...registryJsonSchemas()].map(([name, text]) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  });
}
