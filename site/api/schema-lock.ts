/**
 * The gate of v1: the shape of every published file, flattened to one line a field, against the committed lock.
 *
 * A consumer must be able to trust that what it reads today stays: a field that goes away, changes its type, may suddenly be null or
 * becomes optional breaks it. New files and new fields are welcome; write the lock anew so that they are kept from then on.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { ENDPOINTS, jsonSchemaOf } from "./endpoints.ts";
import { IndexSchema } from "./index-file.ts";

/** File name to field path to type, e.g. {"stablecoins": {"data.peggedAssets[].price": "null|number"}}. */
export type SchemaLock = Record<string, Record<string, string>>;

const LOCK_URL = new URL("./v1.schema-lock.json", import.meta.url);

interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
}

/** Words for what a value may be: types, with the allowed values of closed lists. */
function typesOf(schema: JsonSchema): string[] {
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.flatMap(typesOf);
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value));
  if (Array.isArray(schema.type)) return schema.type;
  return [schema.type ?? "any"];
}

function walk(schema: JsonSchema, path: string, out: Record<string, string>): void {
  for (const option of schema.anyOf ?? schema.oneOf ?? []) walk(option, path, out);
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const childPath = path ? `${path}.${name}` : name;
    const optional = schema.required?.includes(name) ? "" : "?";
    out[childPath] = [...new Set(typesOf(child))].sort().join("|") + optional;
    walk(child, childPath, out);
  }
  const inside = [
    [schema.items, "[]"],
    [typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined, "{}"],
  ] as const;
  for (const [child, mark] of inside) {
    if (!child || Object.keys(child).length === 0) continue;
    out[path + mark] = [...new Set(typesOf(child))].sort().join("|");
    walk(child, path + mark, out);
  }
}

export function flatten(schema: JsonSchema): Record<string, string> {
  const out: Record<string, string> = {};
  walk(schema, "", out);
  return Object.fromEntries(Object.entries(out).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Today's shapes, by dataset. */
export function currentShapes(): SchemaLock {
  const shapes: SchemaLock = { index: flatten(jsonSchemaOf(IndexSchema)) };
  for (const { dataset, schema } of ENDPOINTS) if (schema) shapes[dataset] = flatten(jsonSchemaOf(schema));
  return Object.fromEntries(Object.entries(shapes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function readLock(): SchemaLock {
  return JSON.parse(readFileSync(LOCK_URL, "utf8")) as SchemaLock;
}

/** Whether a reader of `was` can read `is`: null may go, closed lists may grow, whole numbers are numbers; nothing else may change. */
function isReadable(was: string, is: string): boolean {
  const split = (text: string) => new Set(text.replace(/\?$/, "").split("|"));
  const [before, after] = [split(was), split(is)];
  if (is.endsWith("?") && !was.endsWith("?")) return false;
  const isLiteral = (type: string) => /^["\d]/.test(type);
  const hadList = [...before].some(isLiteral);
  const isNewAllowed = (type: string) =>
    before.has(type) || (isLiteral(type) && hadList) || (type === "integer" && before.has("number"));
  const isLossAllowed = (type: string) =>
    after.has(type) || type === "null" || (type === "number" && after.has("integer"));
  return [...after].every(isNewAllowed) && [...before].every(isLossAllowed);
}

/** What breaks a consumer of `lock`, in words; and whether the lock is behind today's shapes. */
export function compareShapes(lock: SchemaLock, now: SchemaLock): { breaks: string[]; isGrown: boolean } {
  const breaks: string[] = [];
  for (const [dataset, fields] of Object.entries(lock)) {
    const current = now[dataset];
    if (!current) {
      breaks.push(`${dataset}: the whole file is gone; v1 keeps every file`);
      continue;
    }
    for (const [path, was] of Object.entries(fields)) {
      const is = current[path];
      if (is === undefined) breaks.push(`${dataset}: ${path} (${was}) is gone or renamed; v1 keeps every field`);
      else if (!isReadable(was, is)) breaks.push(`${dataset}: ${path} was ${was} and is ${is}; v1 keeps every type`);
    }
  }
  const isGrown = Object.entries(now).some(([dataset, fields]) =>
    Object.entries(fields).some(([path, is]) => lock[dataset]?.[path] !== is),
  );
  return { breaks, isGrown };
}

/** Adds what is new to the lock. Refuses when something would break: then the change belongs into a v2. */
export function updateLock(): { added: number } {
  const now = currentShapes();
  let lock: SchemaLock = {};
  try {
    lock = readLock();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const { breaks } = compareShapes(lock, now);
  if (breaks.length > 0) throw new Error(`the lock of v1 refuses:\n  ${breaks.join("\n  ")}`);
  const size = (shapes: SchemaLock) =>
    Object.values(shapes).reduce((sum, fields) => sum + Object.keys(fields).length, 0);
  writeFileSync(LOCK_URL, `${JSON.stringify(now, null, 2)}\n`);
  return { added: size(now) - size(lock) };
}
