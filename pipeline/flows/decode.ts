/** Words of log data: integers first, floats last. */

const WORD = 64;

function hexOf(text: string): string {
  return text.startsWith("0x") || text.startsWith("0X") ? text.slice(2) : text;
}

/** The low 20 bytes of a word. */
export function decodeAddress(word: string): string {
  return `0x${hexOf(word).slice(-40).toLowerCase()}`;
}

/** Data word `slot`, or null where the data is too short. */
export function readDataWord(data: string, slot: number): string | null {
  const hex = hexOf(data);
  const word = hex.slice(slot * WORD, (slot + 1) * WORD);
  return word.length === WORD ? `0x${word.toLowerCase()}` : null;
}

const ONE_WORD = /^0x[0-9a-f]{64}$/i;

/** Data word `slot` as base units; null where it is absent or no hex. */
export function readUnits(data: string, slot: number): bigint | null {
  const word = slot === 0 && data.length === WORD + 2 ? data : readDataWord(data, slot);
  return word !== null && ONE_WORD.test(word) ? BigInt(word) : null;
}
