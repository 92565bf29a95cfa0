/** The exact-address price services, each with its own malformed, empty, sparse and absurd answers. */
import { describe, expect, test } from "vitest";
import { alchemyPrices } from "./alchemy-prices.ts";
import { birdeyePrice } from "./birdeye.ts";
import { coingeckoOnchain } from "./coingecko-onchain.ts";
import { coinmarketcapCategory } from "./coinmarketcap.ts";
import { dexpaprikaToken } from "./dexpaprika.ts";
import { geckoterminalPools } from "./geckoterminal.ts";
import { moralisPrices } from "./moralis.ts";
import { solanaSlot } from "./solana-slot.ts";
import type { AnySource } from "./source.ts";

const ADDRESS = "0xdAC17F958D2ee523a2206206994597C13D831ec7";
const LOWER = ADDRESS.toLowerCase();
const MINT = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";

interface PriceCase {
  source: AnySource;
  request: object;
  key: string;
  /** A whole answer with this price and time. */
  body(price: unknown, time: unknown): unknown;
  timed: boolean;
}

const CASES: readonly PriceCase[] = [
  {
    source: dexpaprikaToken as AnySource,
    request: { keys: [`ethereum:${ADDRESS}`] },
    key: `ethereum:${LOWER}`,
    body: (price_usd, last_updated) => ({ id: ADDRESS, chain: "ethereum", summary: { price_usd }, last_updated }),
    timed: true,
  },
  {
    source: coingeckoOnchain as AnySource,
    request: { network: "eth" },
    key: `eth:${LOWER}`,
    body: (price) => ({ data: { attributes: { token_prices: { [ADDRESS]: price } } } }),
    timed: false,
  },
  {
    source: alchemyPrices as AnySource,
    request: {},
    key: `eth-mainnet:${LOWER}`,
    body: (value, lastUpdatedAt) => ({
      data: [
        { network: "eth-mainnet", address: ADDRESS, prices: [{ currency: "usd", value, lastUpdatedAt }], error: null },
      ],
    }),
    timed: true,
  },
  {
    source: moralisPrices as AnySource,
    request: { chain: "eth" },
    key: `eth:${LOWER}`,
    body: (usdPrice) => [{ tokenAddress: ADDRESS, usdPrice, pairTotalLiquidityUsd: "1000000.5", possibleSpam: false }],
    timed: false,
  },
  {
    source: birdeyePrice as AnySource,
    request: { keys: [MINT] },
    key: MINT,
    body: (value, updateUnixTime) => ({ success: true, data: { value, updateUnixTime, liquidity: 1e6 } }),
    timed: true,
  },
  {
    source: coinmarketcapCategory as AnySource,
    request: {},
    key: "tether",
    body: (price, last_updated) => ({
      data: { num_tokens: 1, coins: [{ slug: "tether", symbol: "USDT", quote: { USD: { price, last_updated } } }] },
    }),
    timed: true,
  },
];

describe.each(CASES.map((one) => [one.source.id, one] as const))("%s", (_id, { source, request, key, body, timed }) => {
  const quotes = (price: unknown, time: unknown = "2026-11-20T12:00:00.500Z") =>
    (source.parse(body(price, time), request) as { quotes: { key: string; priceUsd: number; observedAt: unknown }[] })
      .quotes;

  test("gives the price under its key, with the time where it states one", () => {
    const observedAt = timed ? Date.UTC(2026, 10, 20, 12) / 1000 : null;
    expect(quotes(0.9998)).toEqual([expect.objectContaining({ key, priceUsd: 0.9998, quote: "USD", observedAt })]);
    expect(quotes("0.9998")[0]?.priceUsd).toBe(0.9998);
    if (timed) expect(quotes(1, 1_795_000_000_123)[0]?.observedAt).toBe(1_795_000_000);
    if (timed) expect(quotes(1, "soon")[0]?.observedAt).toBeNull();
  });

  test.each([[0], [-1], ["-1"], [Number.NaN], ["NaN"], [null], [undefined], ["1.0 USD"], [[1]], ["1e999"]])(
    "a price of %j is no price",
    (price) => {
      expect(quotes(price)).toEqual([]);
    },
  );
});

describe("what the services say of failures and gaps", () => {
  test.each([
    [dexpaprikaToken, { error: "rate limited" }],
    [coingeckoOnchain, { errors: [{ status: "429" }] }],
    [alchemyPrices, { error: { message: "Must be authenticated!" } }],
    [moralisPrices, { message: "Unauthorized" }],
    [birdeyePrice, { success: false, message: "Unauthorized" }],
    [coinmarketcapCategory, { status: { error_code: 1001, error_message: "This API Key is invalid." } }],
    [geckoterminalPools, { errors: [{ status: "404" }] }],
  ] as const)("$id: a refusal is an error of the upstream, no empty answer", (source, body) => {
    expect(() => (source as unknown as AnySource).parse(body, { keys: [MINT] })).toThrow(
      expect.objectContaining({ code: "upstream-error" }),
    );
  });

  test("Moralis: spam has no price, whatever it says", () => {
    const body = [{ tokenAddress: ADDRESS, usdPrice: 1, possibleSpam: true }];
    expect(moralisPrices.parse(body, {}).quotes).toEqual([]);
  });

  test("Alchemy: a token it does not know has an empty list and takes nothing from the others", () => {
    const unknown = { network: "eth-mainnet", address: LOWER, prices: [], error: { message: "Token not found" } };
    expect(alchemyPrices.parse({ data: [unknown] }, {}).quotes).toEqual([]);
  });

  test("CoinMarketCap: the page's own count is kept, so that a cut page can be told", () => {
    const body = { data: { num_tokens: "412", coins: [] } };
    expect(coinmarketcapCategory.parse(body, {})).toEqual({ quotes: [], rowCount: 0, numTokens: 412 });
  });

  test("GeckoTerminal: pools with ids, text figures and missing sides", () => {
    const side = (id: string) => ({ data: { id, type: "token" } });
    const pool = (reserve: unknown, price: unknown) => ({
      attributes: {
        address: ADDRESS,
        reserve_in_usd: reserve,
        base_token_price_usd: price,
        quote_token_price_usd: null,
        name: "USDT / USDC 0.01%",
        volume_usd: { h24: "45.5" },
        pool_created_at: "2024-02-03T04:05:06Z",
      },
      relationships: { base_token: side(`polygon_pos_${ADDRESS}`), quote_token: side(`solana_${MINT}`) },
    });
    expect(geckoterminalPools.parse({ data: [pool("123.5", "1.001"), pool("0.0", "NaN")] }, {}).pools).toEqual([
      {
        address: LOWER,
        dexId: null,
        baseAddress: LOWER,
        quoteAddress: MINT,
        basePriceUsd: 1.001,
        quotePriceUsd: null,
        reserveUsd: 123.5,
        name: "USDT / USDC 0.01%",
        volume24hUsd: 45.5,
        createdAt: Date.UTC(2024, 1, 3, 4, 5, 6) / 1000,
      },
      expect.objectContaining({ basePriceUsd: null, reserveUsd: 0 }),
    ]);
    expect(geckoterminalPools.parse({ data: [] }, {}).pools).toEqual([]);
  });

  test("Solana: a slot is a positive whole number, an error member is an error", () => {
    expect(solanaSlot.parse({ jsonrpc: "2.0", id: 1, result: 300_000_000 }, {})).toEqual({ slot: 300_000_000 });
    for (const result of [0, -1, 1.5, "soon", null]) expect(() => solanaSlot.parse({ result }, {})).toThrow();
    expect(() => solanaSlot.parse({ error: { code: -32005, message: "Node is behind" } }, {})).toThrow(
      expect.objectContaining({ code: "rpc-error" }),
    );
  });
});
