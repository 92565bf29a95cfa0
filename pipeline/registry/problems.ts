/**
 * Problems of hand-edited files, told so that the editor can act: which file, which field, what was expected, what came,
 * and an example of a right value.
 */
import type { z } from "zod";
import { RegistryInvalid } from "../errors.ts";

export interface Problem {
  /** Path below data/, e.g. "registry/coins/usdc-circle.json". */
  file: string;
  /** JSON path inside the file, e.g. "deployments[0].decimals"; empty for the file as a whole. */
  field: string;
  expected: string;
  came: string;
  /** A right value as JSON, or what to do where no value is right. */
  example: string;
}

type Path = readonly PropertyKey[];

/** A value as short JSON, for a line on a terminal. */
export function showValue(value: unknown): string {
  if (value === undefined) return "nothing: the field is missing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 90 ? `${text.slice(0, 87)}...` : text;
}

export function formatPath(path: Path): string {
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : `${i > 0 ? "." : ""}${String(part)}`))
    .join("");
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[part];
  return value;
}

/** The example's value at a path; in a list the entry of the same `kind`, else the first one. */
function exampleAt(example: unknown, input: unknown, path: Path): unknown {
  let right = example;
  let came = input;
  for (const part of path) {
    came = (came as Record<PropertyKey, unknown> | null | undefined)?.[part];
    if (Array.isArray(right)) {
      const kind = (came as { kind?: unknown } | null | undefined)?.kind;
      right = right.find((entry) => kind !== undefined && entry?.kind === kind) ?? right[0];
    } else {
      right = (right as Record<PropertyKey, unknown> | null | undefined)?.[part];
    }
  }
  return right;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `a value of type ${issue.expected}`;
    case "invalid_value":
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "unrecognized_keys":
      return "no field of this name";
    case "invalid_union":
      return "one of the known kinds";
    default:
      return issue.message;
  }
}

/** Turns what zod says about a file into problems. `example` is a right file of the same shape. */
export function problemsOf(file: string, input: unknown, error: z.ZodError, example: unknown): Problem[] {
  return error.issues.flatMap((issue) => {
    const paths = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return paths.map((path) => {
      const right = exampleAt(example, input, path);
      return {
        file,
        field: formatPath(path),
        expected: expectation(issue),
        came: showValue(valueAt(input, path)),
        example: issue.code === "unrecognized_keys" ? `remove "${String(path.at(-1))}"` : showValue(right ?? null),
      };
    });
  });
}

/** Problems as lines for people. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map((p) =>
      [
        `${p.file}${p.field ? `  ${p.field}` : ""}`,
        `  expected: ${p.expected}`,
        `  came:     ${p.came}`,
        `  example:  ${p.example}`,
      ].join("\n"),
    )
    .join("\n");
}

/** A RegistryInvalid that names every problem. */
export function registryInvalid(problems: readonly Problem[], where: string): RegistryInvalid {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new RegistryInvalid(`The registry has ${count}.\n${formatProblems(problems)}`, {
    code: "registry-invalid",
    where,
    hint: "Correct the fields above; npm run -s plumbline -- check shows them again.",
  });
}
