/** Reads a file of conformance cases: a list of them, or an object with a `vectors` list. A file without cases is refused. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { UsageError } from "../errors.ts";

const EXAMPLE = '[{"name": "USD", "function": "staticPriceBounds", "input": {"key": "USD"}, "expected": [0.01, 1.19]}]';

const CaseSchema = z
  .object({
    name: z.string(),
    function: z.string(),
    input: z.unknown().optional(),
    expected: z.unknown().optional(),
    /** Absolute, for every number of the case. */
    tolerance: z.number().nonnegative().optional(),
    /** Outside the method: reported apart, never a failure. */
    extension: z.boolean().optional(),
  })
  .refine((given) => given.expected !== undefined, { path: ["expected"], error: "is missing" });
export type ConformanceCase = z.infer<typeof CaseSchema>;

const FileSchema = z.union([z.array(CaseSchema), z.object({ vectors: z.array(CaseSchema) })]);

function refused(file: string, code: string, problem: string, hint: string, cause?: unknown): UsageError {
  return new UsageError(`${file}: ${problem}`, { code, where: file, hint, cause });
}

function firstProblem(body: unknown): string {
  const list: unknown = Array.isArray(body) ? body : (body as { vectors?: unknown } | null)?.vectors;
  if (!Array.isArray(list)) return "is neither a list of cases nor an object with a `vectors` list";
  for (const [index, item] of list.entries()) {
    const issue = CaseSchema.safeParse(item).error?.issues[0];
    if (issue) return `case ${index + 1}, ${issue.path.join(".") || "the case itself"}: ${issue.message}`;
  }
  return "is no file of cases";
}

export async function readCases(file: string): Promise<ConformanceCase[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown error";
    throw refused(file, "unreadable-file", `cannot be read (${code})`, "Give the path of a JSON file of cases.", cause);
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw refused(
      file,
      "invalid-json",
      `is no JSON: ${(cause as Error).message}`,
      `A file of cases looks like ${EXAMPLE}`,
    );
  }
  const parsed = FileSchema.safeParse(body);
  if (!parsed.success)
    throw refused(file, "invalid-cases", firstProblem(body), `A file of cases looks like ${EXAMPLE}`);
  const cases = Array.isArray(parsed.data) ? parsed.data : parsed.data.vectors;
  if (cases.length === 0)
    throw refused(file, "no-cases", "holds no cases", "A check that checks nothing proves nothing.");
  return cases;
}
