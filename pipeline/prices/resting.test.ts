import { describe, expect, it } from "vitest";
import type { PriceQuote } from "../schema/price-quotes.ts";
import { type ChosenPrice, unpriced } from "./choose-price.ts";
import { restingPrice } from "./resting.ts";

function quote(source: string, priceUsd: number | null): PriceQuote {
  return { source, priceUsd, observedAt: null, observedAtMode: null, weight: 1, verdict: "agreed", reason: null };
}

function chosen(price: number, quotes: PriceQuote[]): ChosenPrice {
  return { ...unpriced("", quotes), price, priceReason: null };
}

const published = (price: number, quotes: PriceQuote[], before: { price: number; quotes: PriceQuote[] }) => {
  const rested = restingPrice(chosen(price, quotes), { price: before.price }, before.quotes);
  return [rested.price, ...rested.quotes.map(({ priceUsd }) => priceUsd)];
};

describe("a price between two runs", () => {
  const before = { price: 1, quotes: [quote("a", 1), quote("b", 1.0003)] };

  it("rests within a basis point, another source's quote within two", () => {
    expect(published(1.00009, [quote("a", 1.00009), quote("b", 1.00049)], before)).toEqual([1, 1, 1.0003]);
    expect(published(1, [quote("a", 1), quote("b", 1.00051)], before)).toEqual([1, 1, 1.00051]);
  });

  it("moves with the quote that it is, which would rest by itself", () => {
    expect(published(1.00011, [quote("a", 1.00011), quote("b", 1.0003)], before)).toEqual([1.00011, 1.00011, 1.0003]);
    expect(published(0.99985, [quote("a", 0.99985), quote("b", null)], before)).toEqual([0.99985, 0.99985, null]);
  });

  it("is as it came where nothing was published before", () => {
    const rested = restingPrice(chosen(1.00001, [quote("a", 1.00001)]), undefined, undefined);
    expect([rested.price, rested.quotes[0]?.priceUsd]).toEqual([1.00001, 1.00001]);
  });
});
