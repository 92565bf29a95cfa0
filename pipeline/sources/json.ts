/**
 * Upstream text to unknown JSON, refusing what could hurt before `JSON.parse` sees it.
 *
 * Nesting is counted on the bytes while they arrive: 50 MB of "[[[[" is refused after the first few dozen of them and is
 * neither buffered nor parsed. Brackets inside strings do not count; multi-byte characters never contain the bytes looked for.
 */
import { SourceChanged } from "../errors.ts";
import { excerpt } from "./redact.ts";

export const MAX_JSON_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Feed it chunks; it answers false from the moment the nesting is deeper than allowed. */
export function createDepthGuard(maxDepth = MAX_JSON_DEPTH): (chunk: Uint8Array) => boolean {
  let depth = 0;
  let inString = false;
  let escaped = false;
  return (chunk) => {
    for (const byte of chunk) {
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === 0x5b || byte === 0x7b) {
        depth += 1;
        if (depth > maxDepth) return false;
      } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
    }
    return depth <= maxDepth;
  };
}

/** Text to JSON. Throws SourceChanged with `too-deep` or `invalid-json`; the excerpt shows what came instead. */
export function parseJson(text: string, where: string): unknown {
  if (!createDepthGuard()(Buffer.from(text))) throw tooDeep(where);
  try {
    return JSON.parse(text);
  } catch {
    const looksLikeHtml = /^\s*</.test(text);
    throw new SourceChanged(
      `${where} answered ${looksLikeHtml ? "HTML" : "text that is no JSON"}: "${excerpt(text)}"`,
      {
        code: "invalid-json",
        where,
        hint: looksLikeHtml
          ? "An HTML page usually means a block page, a maintenance page or a moved endpoint: open the address in a browser."
          : "The answer may be cut short; look at a recording of it.",
      },
    );
  }
}

export function tooDeep(where: string): SourceChanged {
  return new SourceChanged(`${where} answered JSON nested deeper than ${MAX_JSON_DEPTH} levels`, {
    code: "too-deep",
    where,
    hint: "No upstream we read needs that depth; the answer was dropped unread.",
  });
}
