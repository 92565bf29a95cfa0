/**
 * Errors people can act on: what failed, where, why, and what to do about it.
 *
 * A subclass exists only where a caller acts differently. `code` is stable and machine-readable; messages are for people and
 * never contain a secret (the client redacts before it throws).
 */
export interface ErrorFacts {
  /** Stable machine-readable reason, kebab-case, e.g. "bad-shape". */
  code: string;
  /** Where: a file, a field, a source id, a URL without its secrets. */
  where?: string;
  /** What to do next, one sentence. */
  hint?: string;
  retryable?: boolean;
  cause?: unknown;
}

export class PlumblineError extends Error {
  readonly code: string;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly retryable: boolean;

  constructor(message: string, facts: ErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
    this.code = facts.code;
    this.where = facts.where;
    this.hint = facts.hint;
    this.retryable = facts.retryable ?? false;
  }

  /** The error as lines for a terminal: what, where, what to do. */
  explain(): string {
    const lines = [this.message];
    if (this.where) lines.push(`  where: ${this.where}`);
    if (this.hint) lines.push(`  try:   ${this.hint}`);
    return lines.join("\n");
  }
}

/** An upstream could not be reached or refused: its lane keeps the last good snapshot. */
export class SourceUnavailable extends PlumblineError {}

/** An upstream answered something other than what its source promises; never retried. */
export class SourceChanged extends PlumblineError {}

/** A file under data/registry is wrong. */
export class RegistryInvalid extends PlumblineError {}

/** A file under data/ that the pipeline wrote is damaged or does not match its manifest. */
export class DataDamaged extends PlumblineError {}

/** DataDamaged of a file that git has as it was published; `message` says what cannot be read. */
export function unreadable(message: string, code: string, where: string, cause: unknown): DataDamaged {
  return new DataDamaged(message, { code, where, hint: "restore it with `git checkout -- <file>`", cause });
}

/** A flag or argument of the command line is wrong. */
export class UsageError extends PlumblineError {}
