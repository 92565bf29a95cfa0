/** A conformance report as text: a line per function, every difference with its path, and at the end what remains. */
import type { CaseResult, ConformanceReport, FileResult } from "./run.ts";

/** Differences shown per case. */
const SHOWN_DIFFERENCES = 5;

function functionLine(name: string, cases: readonly CaseResult[]): string {
  const method = cases.filter((result) => !result.extension);
  const passed = method.filter((result) => result.passed).length;
  const extensions = cases.length - method.length;
  const notes = [
    ...(extensions > 0
      ? [`${cases.filter((result) => result.extension && result.passed).length} of ${extensions} extensions`]
      : []),
  ];
  const mark = passed === method.length ? "ok  " : "FAIL";
  return `  ${mark} ${name}: ${passed} of ${method.length}${notes.map((note) => `, ${note}`).join("")}`;
}

function failureLines({ name, function: functionName, extension, differences }: CaseResult): string[] {
  const shown = differences.slice(0, SHOWN_DIFFERENCES).map(({ path, problem }) => `      ${path}: ${problem}`);
  const more = differences.length - shown.length;
  const head = `    ${extension ? "(extension) " : ""}${functionName}: "${name}"`;
  return [head, ...shown, ...(more > 0 ? [`      and ${more} more differences`] : [])];
}

function fileLines({ file, problem, cases }: FileResult): string[] {
  if (problem !== null) return [file, `  FAIL ${problem.replaceAll("\n", "\n  ")}`];
  const lines = [file];
  for (const [name, results] of Map.groupBy(cases, (result) => result.function)) {
    lines.push(functionLine(name, results));
    lines.push(...results.filter((result) => !result.passed).flatMap(failureLines));
  }
  const method = cases.filter((result) => !result.extension);
  const passed = method.filter((result) => result.passed).length;
  lines.push(`  ${passed} passed, ${method.length - passed} failed`);
  return lines;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

export function formatConformance(report: ConformanceReport): string {
  const lines = report.files.flatMap((file) => [...fileLines(file), ""]);
  const unusable = report.files.filter((file) => file.problem !== null).length;
  const extensions = report.extensions.passed + report.extensions.failed;
  lines.push(
    `${count(report.passed, "case")} passed, ${report.failed} failed in ${count(report.files.length, "file")}`,
  );
  if (unusable > 0) lines.push(`${count(unusable, "file")} could not be run`);
  if (extensions > 0) lines.push(`extensions, outside the method: ${report.extensions.passed} of ${extensions} passed`);
  return lines.join("\n");
}
