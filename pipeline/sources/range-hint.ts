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

const SUGGESTED = /\[\s*(0x[0-9a-f]+|\d+)\s*,\s*(0x[0-9a-f]+|\d+)\s*\]/i;
const SPEAKS_OF_BLOCKS = /\b(?:blocks?|ranges?)\b/i;
/** A number with its thousands, that counts neither results nor time. */
const BLOCKS = /(?<![\w.])(\d[\d,_]*)(\s?k\b)?(?![\w.%])(?!\s*(?:results|logs|events|ms\b|s\b|sec|requests|bytes))/gi;
/** A smaller number is something else: no provider takes so little. */
const FEWEST_BLOCKS = 10;

export function rangeHint(message: string, fromBlock: number, toBlock: number): RangeHint {
  const suggested = SUGGESTED.exec(message);
  if (suggested) {
    const [from, to] = [Number(suggested[1]), Number(suggested[2])];
    const isUseful = from === fromBlock && to >= fromBlock && to < toBlock;
    return { toBlock: isUseful ? to : null, blocks: null };
  }
  if (!SPEAKS_OF_BLOCKS.test(message)) return { toBlock: null, blocks: null };
  for (const [, digits, thousands] of message.matchAll(BLOCKS)) {
    const blocks = Number((digits as string).replace(/[,_]/g, "")) * (thousands ? 1000 : 1);
    if (blocks >= FEWEST_BLOCKS && blocks < toBlock - fromBlock + 1) return { toBlock: null, blocks };
  }
  return { toBlock: null, blocks: null };
}
