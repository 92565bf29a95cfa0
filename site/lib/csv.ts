/**
 * Tables as CSV (RFC 4180, UTF-8, CRLF), with a comment head that says what it is and whether it is simulated.
 *
 * Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers never do. Unknown is an empty cell.
 */
export type Cell = string | number | boolean | null;

export interface Table {
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

const FORMULA = /^[\s]*[=+\-@\t\r|%]/;

export function csvCell(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  if (typeof value === "boolean") return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** `comments` become lines that start with "# ". */
export function csvText(table: Table, comments: readonly string[] = []): string {
  const head = comments.map((line) => `# ${line.replaceAll(/[\r\n]+/g, " ")}`);
  const lines = [table.columns, ...table.rows].map((row) => row.map(csvCell).join(","));
  return `${[...head, ...lines].join("\r\n")}\r\n`;
}
