/** UTC days and ISO texts from unix seconds: the only calendar arithmetic the pipeline needs. */
export const DAY_SEC = 86_400;
/** How far the clock of an upstream may run before ours; a time beyond it is no observation. */
export const FUTURE_TOLERANCE_SEC = 600;

/** "2026-11-21" for the UTC day that holds `unixSec`. */
export function utcDay(unixSec: number): string {
  return new Date(unixSec * 1000).toISOString().slice(0, 10);
}

/** Start of the UTC day that holds `unixSec`, unix seconds. */
export function startOfUtcDay(unixSec: number): number {
  return Math.floor(unixSec / DAY_SEC) * DAY_SEC;
}

/** Day of the week of the UTC day that holds `unixSec`: 0 for Sunday to 6. */
export function utcWeekday(unixSec: number): number {
  return new Date(unixSec * 1000).getUTCDay();
}

/** "2026-11-21T08:00:00Z" */
export function isoSeconds(unixSec: number): string {
  return new Date(unixSec * 1000).toISOString().replace(/\.\d{3}Z$/, "Z");
}
