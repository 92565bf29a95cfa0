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
/** Of a bracket: brace and bracket differ in this bit only. */
const BRACE_BIT = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/** Feed it chunks; it answers false from the moment the nesting is deeper than allowed. */
export function createDepthGuard(maxDepth = MAX_JSON_DEPTH): (chunk: Uint8Array) => boolean {
  let depth = 0;
  let inString = false;
  /** Whether the chunk before ended inside a string, on a backslash that takes the next byte with it. */
  let isEscaped = false;
  return (chunk) => {
    const end = chunk.length;
    let at = 0;
    while (at < end && depth <= maxDepth) {
      if (inString) {
        if (isEscaped) at += 1;
        const quote = chunk.indexOf(QUOTE, at);
        const stop = quote === -1 ? end : quote;
        let slashes = 0;
        while (stop - slashes > at && chunk[stop - slashes - 1] === BACKSLASH) slashes += 1;
        const isOdd = slashes % 2 === 1;
        isEscaped = quote === -1 && isOdd;
        inString = quote === -1 || isOdd;
        at = stop + 1;
        continue;
      }
      const byte = chunk[at++] as number;
      const brace = byte | BRACE_BIT;
      if (byte === QUOTE) inString = true;
      else if (brace === OPENING) depth += 1;
      else if (brace === CLOSING) depth -= 1;
    }
    return depth <= maxDepth;
  };
}

/**
 * Text to JSON. Throws SourceChanged with `too-deep` or `invalid-json`; the excerpt shows what came instead.
 * `isShallow`: its depth was counted while it arrived.
 */
export function parseJson(text: string, where: string, isShallow = false): unknown {
  if (!isShallow && !createDepthGuard()(Buffer.from(text))) throw tooDeep(where);
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
