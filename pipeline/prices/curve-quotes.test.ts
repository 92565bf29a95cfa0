import { describe, expect, test } from "vitest";
import { type CurveReading, resolveCurveRoutes } from "./curve-quotes.ts";

const route = (
  kind: CurveReading["feed"]["route"],
  dy: string | null,
  via: string | null = null,
  maxHopDepth: number | null = 1,
): CurveReading => ({ feed: { route: kind, via, maxHopDepth, outputDecimals: 18 }, dy });
/** What a pool gives of a coin worth so many reference coins. */
const worth = (price: number) => String(BigInt(Math.round(1e9 / price)) * 10n ** 9n);
const prices = (readings: Record<string, CurveReading>) =>
  Object.fromEntries(
    [...resolveCurveRoutes(new Map(Object.entries(readings)))].map(([id, price]) => [id, Number(price.toFixed(6))]),
  );

describe("Curve routes", () => {
  test("a direct route takes the reference coin for a dollar, a hop multiplies by its coin", () => {
    expect(
      prices({
        "crvusd-curve": route("direct", worth(0.99)),
        "gho-aave": route("one-hop", worth(1.01), "crvusd-curve"),
        "dola-inverse-finance": route("wrapper", worth(0.5), "crvusd-curve"),
      }),
    ).toEqual({ "crvusd-curve": 0.99, "gho-aave": 0.9999, "dola-inverse-finance": 0.495 });
  });

  test("a chain is followed only as deep as the coin file declares", () => {
    const chain = (depth: number | null) => ({
      "a-a": route("direct", worth(1)),
      "b-b": route("one-hop", worth(1), "a-a"),
      "c-c": route("chained", worth(1), "b-b", depth),
    });
    expect(prices(chain(2))).toEqual({ "a-a": 1, "b-b": 1, "c-c": 1 });
    expect(prices(chain(null))).toEqual({ "a-a": 1, "b-b": 1 });
    expect(prices(chain(1))).toEqual({ "a-a": 1, "b-b": 1 });
  });

  test("a hop over another hop is a chain that nobody declared", () => {
    const readings = {
      "a-a": route("direct", worth(1)),
      "b-b": route("one-hop", worth(1), "a-a"),
      "c-c": route("one-hop", worth(1), "b-b", 4),
    };
    expect(Object.keys(prices(readings))).toEqual(["a-a", "b-b"]);
  });

  test("a reverted pool, a cycle and an unknown via leave their coins without a quote", () => {
    expect(
      prices({
        "a-a": route("direct", null),
        "b-b": route("one-hop", worth(1), "a-a"),
        "c-c": route("chained", worth(1), "d-d", 4),
        "d-d": route("chained", worth(1), "c-c", 4),
        "e-e": route("one-hop", worth(1), "nobody-here"),
        "f-f": route("one-hop", worth(1), null),
      }),
    ).toEqual({});
  });
});
