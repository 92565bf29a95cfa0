/** The price venues every run asks, in the order of their names. A new one is its source file and one line here. */
export { binanceVenue } from "./binance.ts";
export { bitstampVenue } from "./bitstamp.ts";
export { coinbaseVenue } from "./coinbase.ts";
export { coingeckoVenue } from "./coingecko.ts";
export { krakenVenue } from "./kraken.ts";
export { pythVenue } from "./pyth.ts";
export { redstoneVenue } from "./redstone.ts";
export { zephyrVenue } from "./zephyr.ts";
