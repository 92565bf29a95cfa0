/**
 * Keeps secrets and terminal tricks out of everything we print, store or publish.
 *
 * Keys travel in paths, queries and headers, upstreams echo them in error pages, and libraries print whole URLs; so text is
 * cleaned once, where it arrives, and no later code has to remember to. Upstream text is untrusted: control characters,
 * among them the escape sequences of terminals and the direction marks of Unicode, are taken out before it reaches a message.
 */
const MASK = "[redacted]";

/** A shorter "secret" would match ordinary numbers and words in upstream data. */
const MIN_SECRET_LENGTH = 6;

const SECRET_PARAMETER = /([?&](?:[a-z_-]*(?:key|token|secret|password|auth)|app_?id)=)[^&\s"']+/gi;
const USER_INFO = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s@"']+@/gi;
const PROVIDER_KEY_IN_PATH = /(\/\/[^/\s]+\/(?:[a-z]+\/)?v[0-9.]+\/)[A-Za-z0-9_-]{20,}/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

export type Redactor = (text: string) => string;

/** Replaces each of the given secrets, as it is and as it looks inside a URL or in Base64. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const needles = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET_LENGTH) continue;
    needles.add(secret);
    needles.add(encodeURIComponent(secret));
    needles.add(JSON.stringify(secret).slice(1, -1));
    needles.add(Buffer.from(secret).toString("base64"));
  }
  const ordered = [...needles].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((cleaned, needle) => cleaned.replaceAll(needle, MASK), text);
}

/** Removes what looks like a key from URLs inside a text, for messages of libraries that know more than our key list. */
export function redactUrls(text: string): string {
  return text
    .replace(USER_INFO, `$1${MASK}@`)
    .replace(SECRET_PARAMETER, `$1${MASK}`)
    .replace(PROVIDER_KEY_IN_PATH, `$1${MASK}`);
}

/** Upstream text as one short printable line. */
export function excerpt(text: string, maxLength = 120): string {
  const line = text
    .slice(0, maxLength * 8)
    .replace(CONTROL, " ")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength)}...` : line;
}
