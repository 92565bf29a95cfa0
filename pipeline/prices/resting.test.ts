import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { roundPrice } from "../rounding.ts";
import type { PriceQuote } from "../schema/price-quotes.ts";
import { type ChosenPrice, unpriced } from "./choose-price.ts";
import { restingPrice } from "./resting.ts";

function quote(source: string, priceUsd: number | null): PriceQuote {
  return { source, priceUsd, observedAt: null, observedAtMode: null, weight: 1, verdict: "agreed", reason: null };
}

function chosen(price: number | null, quotes: PriceQuote[]): ChosenPrice {
  return { ...unpriced("", quotes), price, priceReason: null };
}

type Published = { price: number | null; quotes: PriceQuote[] };

const published = (price: number | null, quotes: PriceQuote[], before: Published) => {
  const rested = restingPrice(chosen(price, quotes), { price: before.price }, before.quotes);
  return [rested.price, ...rested.quotes.map(({ priceUsd }) => priceUsd)];
};

describe("a price between two runs", () => {
  const before = { price: 1, quotes: [quote("a", 1), quote("b", 1.0003)] };

  it("rests within a basis point, a quote within three", () => {
    expect(published(1.00009, [quote("a", 1.00009), quote("b", 1.00059)], before)).toEqual([1, 1, 1.0003]);
    expect(published(1, [quote("a", 1), quote("b", 1.00061)], before)).toEqual([1, 1, 1.00061]);
  });

  it("moves, and quotes that moved with it keep their distance", () => {
    expect(published(1.0005, [quote("a", 1.0005), quote("b", 1.00085)], before)).toEqual([1.0005, 1.0005, 1.0008]);
    // This one stayed behind.
    expect(published(1.0005, [quote("a", 1.0005), quote("b", 1.0003)], before)).toEqual([1.0005, 1.0005, 1.0003]);
  });

  it("is as it came where nothing was published before, or there is none", () => {
    const first = restingPrice(chosen(1.00001, [quote("a", 1.00001)]), undefined, undefined);
    expect([first.price, first.quotes[0]?.priceUsd]).toEqual([1.00001, 1.00001]);
    expect(published(null, [quote("a", null), quote("b", 1.0004)], before)).toEqual([null, null, 1.0003]);
    expect(published(1.0005, [quote("a", 1.0005)], { price: null, quotes: [quote("a", 0.98)] })).toEqual([
      1.0005, 1.0005,
    ]);
  });

  it("is never published further from what came than it may rest", () => {
    const usd = fc.double({ min: 0.0001, max: 4000, noNaN: true }).map(roundPrice);
    const near = fc.double({ min: 0.99, max: 1.01, noNaN: true });
    fc.assert(
      fc.property(usd, near, near, near, (price, a, b, c) => {
        const [was, now, quoted] = [roundPrice(price * a), roundPrice(price * b), roundPrice(price * c)];
        const [shown, shownQuote] = published(now, [quote("a", quoted)], { price, quotes: [quote("a", was)] });
        expect(Math.abs((shown as number) / now - 1)).toBeLessThan(0.000_101);
        expect(Math.abs((shownQuote as number) / quoted - 1)).toBeLessThan(0.000_301);
      }),
    );
  });
});
