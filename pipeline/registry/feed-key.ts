/** The part of a price feed that must be unique: two coins that read one feed would confirm each other for nothing. */
import type { PriceFeed } from "../schema/price-feed.ts";

/** Feeds that name another coin may be shared by many, so their key carries the coin's own id. */
export function feedKey(feed: PriceFeed, coinId: string): string {
  switch (feed.kind) {
    case "pyth":
      return `pyth ${feed.feedId}`;
    case "chainlink":
    case "curve-oracle":
      return `${feed.kind} ${feed.chain} ${feed.address}`;
    case "zephyr-scanner":
      return feed.asset;
    case "redstone":
    case "binance":
      return `${feed.kind} ${feed.symbol}`;
    case "kraken":
      return `kraken ${feed.pair}`;
    case "coinbase":
      return `coinbase ${feed.product}`;
    case "bitstamp":
      return `bitstamp ${feed.market}`;
    case "coingecko-ticker":
      return `coingecko-ticker ${feed.coingeckoId} ${feed.exchange} ${feed.target}`;
    case "curve-pool":
      return `curve-pool ${feed.chain} ${feed.address} ${feed.outputIndex}`;
    case "coingecko-low-volume":
      return `coingecko-low-volume ${feed.coingeckoId}`;
    case "jupiter":
      return `jupiter ${feed.mint}`;
    case "erc4626-parent":
    case "redeem-parent":
      return `${feed.kind} ${feed.parent} for ${coinId}`;
    case "redeem-par":
      return `redeem-par ${feed.currency} for ${coinId}`;
  }
}
