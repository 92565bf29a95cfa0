/**
 * What a provider says it would take, out of the words of its refusal: the last block of a range, or a number of blocks.
 *
 * Every big provider words its limit differently; `range-hint.test.ts` holds the words seen. A number of results is no number
 * of blocks and is never taken for one.
 */
export interface RangeHint {
  /** Last block of the range it suggests for this very question. */
  toBlock: number | null;
  /** Blocks it takes in any question. */
  blocks: number | null;
}

const HEX_OR_DECIMAL = "(0x[0-9a-f]+|\\d+)";
/** "[0x1, 0x2]" as most write it, "retry with the range 1-2" as reth does. */
const SUGGESTED = [
  new RegExp(`\\[\\s*${HEX_OR_DECIMAL}\\s*,\\s*${HEX_OR_DECIMAL}\\s*\\]`, "i"),
  new RegExp(`\\brange ${HEX_OR_DECIMAL}\\s*-\\s*${HEX_OR_DECIMAL}`, "i"),
];
const SPEAKS_OF_BLOCKS = /\b(?:blocks?|ranges?)\b/i;
/** A number with its thousands, that counts neither results nor time; whether it is said to count blocks. */
const BLOCKS =
  /(?<![\w.]|results\s)(\d[\d,_]*)(\s?k\b)?(?![\w.%])(?!\s*(?:results|logs|events|ms\b|s\b|sec|requests|bytes))(?:\s+(blocks?|range)\b)?/gi;
/** A smaller number is something else, unless it is said to count blocks. */
const FEWEST_BLOCKS = 10;
const TOO_MUCH = /\brange (?:is )?too (?:large|wide|high|big)|exceeds? max/i;

/** Whether a refusal says that less would do, in words that the method's own list of them lacks. */
export function asksForLess(message: string): boolean {
  return TOO_MUCH.test(message);
}

/** Numbers that may be a limit in blocks, in their order. */
function limitsIn(message: string): number[] {
  if (!SPEAKS_OF_BLOCKS.test(message)) return [];
  return [...message.matchAll(BLOCKS)].flatMap(([, digits, thousands, unit]) => {
    const blocks = Number((digits as string).replace(/[,_]/g, "")) * (thousands ? 1000 : 1);
    return blocks >= (unit === undefined ? FEWEST_BLOCKS : 1) ? [blocks] : [];
  });
}

export function rangeHint(message: string, fromBlock: number, toBlock: number): RangeHint {
  const limits = limitsIn(message);
  const suggested = SUGGESTED.map((words) => words.exec(message)).find((found) => found !== null);
  if (suggested) {
    const [from, to] = [Number(suggested[1]), Number(suggested[2])];
    const isUseful = from === fromBlock && to >= fromBlock && to < toBlock;
    // A suggestion as wide as the limit that is named holds for every question, else for this one only.
    const width = to - from + 1;
    return { toBlock: isUseful ? to : null, blocks: isUseful && limits.includes(width) ? width : null };
  }
  return { toBlock: null, blocks: limits.find((blocks) => blocks < toBlock - fromBlock + 1) ?? null };
}
