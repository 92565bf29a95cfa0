/** Upstream times to whole unix seconds: numbers, decimal text, milliseconds and ISO 8601 all mean the same thing here. */

/** Above this a number of "seconds" would lie beyond the year 2286, so it counts milliseconds. */
const MILLISECONDS_FROM = 10_000_000_000;

/** Whole unix seconds, or null where the value says no usable time. */
export function epochSeconds(value: unknown): number | null {
  if (typeof value === "number") return fromNumber(value);
  if (typeof value !== "string") return null;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return fromNumber(Number(text));
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  // A time without a zone is UTC here; Date would read it in the zone of the machine.
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/i.test(text.slice(10));
  const milliseconds = Date.parse(hasZone || text.length === 10 ? text : `${text.replace(" ", "T")}Z`);
  return Number.isNaN(milliseconds) ? null : fromNumber(milliseconds / 1000);
}

function fromNumber(value: number): number | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  return Math.floor(value > MILLISECONDS_FROM ? value / 1000 : value);
}

/** A calendar day that exists, "2026-09-24". */
export function isUtcDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(text);
}

/** Seconds until an upstream wants to be asked again, from `Retry-After` in either form; `sentAt` is the answer's own `Date`. */
export function retryAfterSeconds(header: string | null, sentAt: string | null): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text);
  const until = Date.parse(text);
  if (Number.isNaN(until)) return null;
  const sent = sentAt === null ? Number.NaN : Date.parse(sentAt);
  const from = Number.isNaN(sent) ? Date.now() : sent;
  return Math.max(0, Math.ceil((until - from) / 1000));
}
