/**
 * Zephyr's own scanner of its chain: how many of its dollars (ZSD) and yield shares (ZYS) there are, and what a share is worth.
 *
 * Producer Zephyr Protocol, https://zephyrprotocol.com, no key, no licence stated; shape as the scanner's repository documents it
 * (github.com/fennzar/zephyrd-scanner, route /livestats), no recording of it exists here. It states no time. The chain is private by
 * design: nobody else can count these coins.
 */
import { z } from "zod";
import { positive } from "./numbers.ts";
import { asQuotes, makeQuote, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { readShape } from "./shape.ts";
import type { Source } from "./source.ts";
import { feedOf, type PriceVenue } from "./venue.ts";

const BodySchema = z.object({ zsd_circ: z.number(), zys_circ: z.number(), zys_price: z.number() });

export interface ZephyrStats extends Quotes {
  /** Tokens by asset; an asset whose count is no amount is absent. */
  circulating: Readonly<Record<string, number>>;
}

export const zephyrLivestats: Source<QuoteRequest, ZephyrStats> = {
  id: "zephyr:livestats",
  upstream: "zephyr",
  breaker: null,
  docs: "https://github.com/fennzar/zephyrd-scanner#route-livestats",
  example: { keys: ["ZYS"] },
  async fetch(http, request) {
    return this.parse((await http.json("zephyr", { path: "/api/v1/livestats" })).body, request);
  },
  parse(body, request) {
    const { zsd_circ: zsd, zys_circ: zys, zys_price: share } = readShape(BodySchema, body, this.id);
    const counts = Object.entries({ ZSD: zsd, ZYS: zys }).filter(([, units]) => positive(units) !== null);
    const price = positive(share);
    return {
      ...asQuotes(price === null ? [] : [makeQuote("ZYS", price, "USD", null)], wantedKeys(request)),
      circulating: Object.fromEntries(counts),
    };
  },
  rows: ({ circulating }) => Object.keys(circulating).length,
  isUsable: ({ circulating }) => Object.keys(circulating).length > 0,
};

export const zephyrVenue: PriceVenue = {
  key: "zephyr-scanner",
  source: zephyrLivestats,
  keyOf(coin) {
    const feed = feedOf(coin, "zephyr-scanner");
    return feed?.quotesPrice ? feed.asset : null;
  },
};
