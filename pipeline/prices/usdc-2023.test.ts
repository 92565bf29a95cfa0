/**
 * The real crisis of USDC, 11 and 12 March 2023, minute by minute, seen by seven venues with a lag and a noise of their own: consensus
 * shows it at its full depth, calls it high where independent families agree, and never calls par high while the market is elsewhere.
 *
 * The series is Binance's USDCUSDT, taken for dollars as the recording's note says; a test that skips where the recordings are absent.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PRICE_SOURCES } from "../price-sources.ts";
import { usdc } from "../registry/tiny-registry.ts";
import { keyOf, unit } from "../simulator/noise.ts";
import { parseKlines } from "../sources/csv.ts";
import { recording } from "../test-support/shared.ts";
import { choosePrice } from "./choose-price.ts";

const FILES = ["2023-03-11", "2023-03-12"].flatMap((day) => recording(`binance-klines/USDCUSDT-1m-${day}.csv`) ?? []);
const MINUTE_SEC = 60;
/** Lag in minutes and width of the noise in basis points of each venue. */
const VENUES: Readonly<Record<string, { lagMin: number; noiseBps: number }>> = {
  binance: { lagMin: 0, noiseBps: 2 },
  coinbase: { lagMin: 0, noiseBps: 4 },
  kraken: { lagMin: 0, noiseBps: 4 },
  bitstamp: { lagMin: 1, noiseBps: 6 },
  pyth: { lagMin: 1, noiseBps: 3 },
  coingecko: { lagMin: 5, noiseBps: 5 },
  "defillama-list": { lagMin: 10, noiseBps: 8 },
};

describe.skipIf(FILES.length < 2)("USDC in March 2023, replayed through seven venues", () => {
  const points = FILES.flatMap((file) => parseKlines(readFileSync(file, "utf8")).points);
  const published = points.map((point, index) => {
    const raw = Object.entries(VENUES).map(([source, { lagMin, noiseBps }]) => {
      const seen = points[Math.max(0, index - lagMin)] as (typeof points)[number];
      const noise = (unit(keyOf(`${source}/${index}`)) - 0.5) * 2 * (noiseBps / 10_000);
      const weight = PRICE_SOURCES[source]?.weight ?? 0;
      return { source, price: seen.price * (1 + noise), weight, observedAt: point.timestamp - lagMin * MINUTE_SEC };
    });
    const question = {
      coin: usdc,
      raw,
      dex: null,
      references: { rates: { peggedUSD: 1 } },
      previousTrustedPrice: null,
    };
    const { chosen } = choosePrice({ ...question, nowSec: point.timestamp });
    return { ...chosen, truth: point.price, at: index };
  });

  test("there are 34 hours of minutes, and every one of them has a price", () => {
    expect(points.length).toBe(34 * 60);
    expect(published.filter(({ price }) => price === null)).toEqual([]);
  });

  test("the depeg is shown at its full depth", () => {
    const deepest = Math.min(...points.map(({ price }) => price));
    const shown = Math.min(...published.map(({ price }) => price as number));
    expect(deepest).toBe(0.905);
    expect(Math.abs(shown / deepest - 1) * 10_000).toBeLessThan(50);
  });

  test("independent families make it high nearly always, through the crisis too", () => {
    const offPar = published.filter(({ truth }) => truth < 0.97);
    const high = offPar.filter(({ priceConfidence }) => priceConfidence === "high");
    expect(offPar.length).toBeGreaterThan(600);
    expect(high.length / offPar.length).toBeGreaterThan(0.99);
    for (const { agreeSources } of high)
      expect(new Set(agreeSources.map((key) => PRICE_SOURCES[key]?.family)).size).toBeGreaterThan(1);
  });

  test("never is a price near par called high while the market is not", () => {
    // The market of the last ten minutes: what the slowest venue may still show.
    const wrong = published.filter(({ price, priceConfidence, at }) => {
      const seen = points.slice(Math.max(0, at - 10), at + 1).map((point) => point.price);
      return priceConfidence === "high" && (price as number) > 0.995 && Math.max(...seen) < 0.985;
    });
    expect(wrong).toEqual([]);
    const far = published.filter(({ price, priceConfidence, at }) => {
      const seen = points.slice(Math.max(0, at - 10), at + 1).map((point) => point.price);
      const width = 1 + 60 / 10_000;
      return (
        priceConfidence === "high" &&
        ((price as number) > Math.max(...seen) * width || (price as number) < Math.min(...seen) / width)
      );
    });
    expect(far).toEqual([]);
  });
});
