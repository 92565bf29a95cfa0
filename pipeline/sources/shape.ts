/**
 * Checks answers against what a source promises, and says in the error what was expected and what came.
 *
 * Two strictnesses: lists of independent things (assets, pools, tickers) lose a malformed row and count it; ledgers (logs,
 * transfers, chart points) are all or nothing, as a silently missing row would be a wrong sum.
 */
import type { z } from "zod";
import { SourceChanged } from "../errors.ts";
import { excerpt } from "./redact.ts";

/** The whole body, or SourceChanged `bad-shape`. */
export function readShape<Schema extends z.ZodType>(schema: Schema, body: unknown, source: string): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const at = issue?.path.join(".") || "the body";
  throw badShape(source, `${at}: ${issue?.message ?? "not as promised"}`, body);
}

/** The rows that keep the promise and how many did not. A list without a single good row is another answer altogether. */
export function readRows<Schema extends z.ZodType>(
  schema: Schema,
  rows: readonly unknown[],
  source: string,
): { rows: z.output<Schema>[]; dropped: number } {
  const good: z.output<Schema>[] = [];
  for (const row of rows) {
    const parsed = schema.safeParse(row);
    if (parsed.success) good.push(parsed.data);
  }
  if (good.length === 0 && rows.length > 0) readShape(schema, rows[0], source);
  return { rows: good, dropped: rows.length - good.length };
}

export function badShape(source: string, problem: string, body?: unknown): SourceChanged {
  const came = body === undefined ? "" : `; the answer begins: ${excerpt(JSON.stringify(body) ?? "", 80)}`;
  return new SourceChanged(`${source} answered another shape than promised (${excerpt(problem, 200)})${came}`, {
    code: "bad-shape",
    where: source,
    hint: "Compare with the provider's documentation; if the change is real, adapt the schema in this source's file.",
  });
}

/** The body itself says that the request failed. */
export function upstreamError(source: string, said: unknown): SourceChanged {
  const words = excerpt(typeof said === "string" ? said : (JSON.stringify(said) ?? ""));
  return new SourceChanged(`${source} says the request failed: ${words}`, { code: "upstream-error", where: source });
}
