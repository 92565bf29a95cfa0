/**
 * One `latestRoundData()` answer of a Chainlink feed: its words, and whether it may stand for the rate now.
 *
 * Pricing methodology, section 18. The proxies answer 32-byte words: round, answer, start, update time, round.
 */
import { fromBaseUnits } from "../sources/numbers.ts";

const WORD_DIGITS = 64;
const ANSWER_WORD = 1;
const UPDATED_AT_WORD = 3;

export interface ChainlinkRound {
  /** Signed decimal text in base units. */
  answer: string;
  /** Unix seconds; 0 for a round that was never written. */
  updatedAt: number;
}

/** Null where the text holds fewer words than a round needs. */
export function chainlinkDecode(hex: string): ChainlinkRound | null {
  const digits = /^(?:0x)?([0-9a-f]*)$/i.exec(hex.trim())?.[1] ?? "";
  if (digits.length < (UPDATED_AT_WORD + 1) * WORD_DIGITS) return null;
  const word = (index: number) => BigInt(`0x${digits.slice(index * WORD_DIGITS, (index + 1) * WORD_DIGITS)}`);
  return { answer: BigInt.asIntN(256, word(ANSWER_WORD)).toString(), updatedAt: Number(word(UPDATED_AT_WORD)) };
}

/** Units per the feed's base, or null: an answer that is not positive, or older than the feed may be. Equal age passes. */
export function chainlinkUsable(
  answer: string,
  decimals: number,
  updatedAt: number,
  staleAfterSec: number,
  nowSec: number,
): number | null {
  if (!(Number.isInteger(decimals) && decimals >= 0)) return null;
  if (!(updatedAt > 0 && nowSec - updatedAt <= staleAfterSec)) return null;
  const price = fromBaseUnits(answer, decimals);
  return price !== null && price > 0 ? price : null;
}
