/** Chainlink feeds laid over the daily rates: which contract speaks for which currency, and when its word is too old. Pricing, section 18. */
export interface OverlayFeed {
  currency: string;
  /** CAIP-2. */
  chain: string;
  /** Proxy, lower case. */
  address: string;
  staleAfterSec: number;
}

const HOURS = 3600;

export const OVERLAY_FEEDS: readonly OverlayFeed[] = [
  {
    currency: "EUR",
    chain: "eip155:8453",
    address: "0xc91d87e81fab8f93699ecf7ee9b44d11e1d53f0f",
    staleAfterSec: 6 * HOURS,
  },
  {
    currency: "GBP",
    chain: "eip155:8453",
    address: "0xccea6576904c118037695eb71195a5425e69fa15",
    staleAfterSec: 6 * HOURS,
  },
  {
    currency: "JPY",
    chain: "eip155:1",
    address: "0xbce206cae7f0ec07b545edde332a47c2f75bbeb3",
    staleAfterSec: 6 * HOURS,
  },
  {
    currency: "GOLD",
    chain: "eip155:42161",
    address: "0x1f954dc24a49708c26e0c1777f16750b5c6d5a2c",
    staleAfterSec: 12 * HOURS,
  },
  {
    currency: "SILVER",
    chain: "eip155:1",
    address: "0x379589227b15f1a12195d3f2d90bbc9f31f95235",
    staleAfterSec: 12 * HOURS,
  },
];
