/** The history of the method: what each version changed in published numbers. Newest first; the first one is in force. */
export interface MethodVersion {
  version: string;
  /** Day it came into force here, YYYY-MM-DD. */
  since: string;
  changes: string[];
}

export const METHOD_VERSIONS: readonly MethodVersion[] = [
  {
    version: "6.1.0",
    since: "2026-11-21",
    changes: [
      "First version published by this record: prices by agreement of sources, supply from DefiLlama with a CoinGecko fallback, exchange and metal rates with bounds and carry-forward, daily supply history.",
      "The numbering follows the reference method's pricing 6.1 of May 2026, which it implements, so that figures can be compared.",
    ],
  },
];
