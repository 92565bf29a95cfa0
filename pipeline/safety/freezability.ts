/**
 * Freezability: can somebody stop a holder's tokens, here or where the backing lies? Shown, never scored.
 *
 * Safety methodology, section 1. A slice of any size counts: one freezable tenth freezes the tenth. Slices are matched word
 * by word, since "USDCx" is another coin than USDC; symbols of fewer than three letters are too common to mean anything.
 */
import type { CustodyModel, Freezability, Governance } from "../schema/report-cards.ts";

export interface FreezableSlice {
  name: string;
  blacklistable: boolean | null;
  /** Status of the tracked coin the slice names, where it names one by id. */
  coinStatus: Freezability | null;
}

const MIN_SYMBOL_LETTERS = 3;
/** Shorter symbols must be written as they are; longer ones are recognised in any case. */
const ANY_CASE_FROM = 4;

/** Tracked coins that are directly freezable, by symbol: those whose freezes are recorded, and others of known issuers. */
// biome-ignore format: a list to read, not a column
export const FREEZABLE_SYMBOLS: readonly string[] = [
  "USDC", "EURC", "USDT", "USDT0", "XAUT", "PAXG", "PYUSD", "USDG", "USD1", "FDUSD", "EURI", "RLUSD", "USDtb", "A7A5",
  "AUSD", "MNEE", "USDO", "USDX", "tGBP", "BRZ", "BUIDL", "USDP", "BUSD", "TUSD", "GUSD", "USDQ", "EURCV", "USDCV",
];
const CUSTODIAL_BTC: readonly string[] = ["WBTC", "cbBTC", "BTCB", "FBTC", "kBTC", "LBTC", "eBTC", "renBTC", "solvBTC"];
const SEIZABLE_SECURITIES: readonly string[] = [
  ...["BUIDL", "USYC", "OUSG", "USTB", "USDY", "BENJI", "mTBILL", "TBILL", "thBILL", "JTRSY", "JAAA", "STBT", "VBILL"],
  ...["WTGXX", "USTBL", "EUTBL", "ULTRA", "USCC", "YLDS", "FOBXX"],
];
const SECURITY_WORDS = /\b(t-?bills?|treasur(?:y|ies)|securit(?:y|ies)|bonds?|equit(?:y|ies)|stocks?)\b/i;

function named(words: readonly string[], symbols: Iterable<string>): boolean {
  const exact = new Set(words);
  const folded = new Set(words.map((word) => word.toLowerCase()));
  for (const symbol of symbols) {
    const letters = symbol.replace(/[^\p{L}\p{N}]/gu, "").length;
    if (letters < MIN_SYMBOL_LETTERS) continue;
    if (exact.has(symbol) || (letters >= ANY_CASE_FROM && folded.has(symbol.toLowerCase()))) return true;
  }
  return false;
}

/** Whether a slice stands on something that can be frozen or seized. */
export function sliceIsFreezable(slice: FreezableSlice, freezableSymbols: Iterable<string>): boolean {
  if (slice.blacklistable !== null) return slice.blacklistable;
  if (slice.coinStatus === "yes" || slice.coinStatus === "inherited") return true;
  const words = slice.name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  return (
    named(words, freezableSymbols) ||
    named(words, CUSTODIAL_BTC) ||
    named(words, SEIZABLE_SECURITIES) ||
    SECURITY_WORDS.test(slice.name)
  );
}

export function blacklistStatus(given: {
  governance: Governance;
  custodyModel: CustodyModel | null;
  /** What is on file; wins over everything. */
  explicit: Freezability | null;
  reserves: readonly FreezableSlice[];
  variantParentStatus: Freezability | null;
  freezableSymbols?: Iterable<string>;
}): Freezability {
  const { explicit, variantParentStatus: parent } = given;
  if (explicit !== null) return explicit;
  if (given.governance === "centralized") return "yes";
  const symbols = [...(given.freezableSymbols ?? FREEZABLE_SYMBOLS)];
  const isInherited =
    given.custodyModel === "cex" ||
    parent === "yes" ||
    parent === "inherited" ||
    given.reserves.some((slice) => sliceIsFreezable(slice, symbols));
  if (isInherited) return "inherited";
  return parent === "possible" ? "possible" : "no";
}
