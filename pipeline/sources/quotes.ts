/** The wire shape "quotes" that all price sources share: keys in one spelling, sorted, limited to what was asked for. */
import type { Quote } from "./source.ts";

export interface Quotes<Row extends Quote = Quote> {
  quotes: Row[];
}

/** What a price source is asked: its own keys. `symbols` is another word for it where the keys are symbols. */
export interface QuoteRequest {
  keys?: readonly string[] | undefined;
  symbols?: readonly string[] | undefined;
}

/** The keys asked for, or undefined for everything the answer holds. */
export function wantedKeys({ keys, symbols }: QuoteRequest): readonly string[] | undefined {
  return keys ?? symbols;
}

export function makeQuote(key: string, price: number, quote: string, observedAt: number | null): Quote {
  const currency = quote.toUpperCase();
  return { key, price, quote: currency, priceUsd: currency === "USD" ? price : null, observedAt };
}

/** Sorted by the bytes of the key, limited to the wanted keys after the same spelling rule. */
export function asQuotes<Row extends Quote>(
  rows: readonly Row[],
  wanted: readonly string[] | undefined,
  spell: (key: string) => string = (key) => key,
): Quotes<Row> {
  const limit = wanted === undefined ? null : new Set(wanted.map(spell));
  const quotes = rows.filter((row) => limit === null || limit.has(spell(row.key)));
  return { quotes: quotes.sort((a, b) => compareBytes(a.key, b.key)) };
}

/** Hex addresses in lower case, wherever they stand in the key; Solana mints, Tron addresses and names keep their case. */
export function lowerHex(text: string): string {
  return text.replace(/(^|:)0x[0-9a-f]+$/i, (hex) => hex.toLowerCase());
}

/** UTF-8 order, which is the order of code points and not that of JavaScript's UTF-16 units. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Lists cut so that each request stays within what an upstream takes. */
export function inBatches<Item>(items: readonly Item[], size: number): Item[][] {
  const batches: Item[][] = [];
  for (let start = 0; start < items.length; start += size) batches.push(items.slice(start, start + size));
  return batches;
}

export function mergeQuotes<Row extends Quote>(answers: readonly Quotes<Row>[]): Quotes<Row> {
  return asQuotes(
    answers.flatMap((answer) => answer.quotes),
    undefined,
  );
}
