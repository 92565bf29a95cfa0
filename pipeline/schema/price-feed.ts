/**
 * Price feeds of a coin: one entry for each place that quotes it, told apart by `kind`.
 *
 * Every feed says where the mapping is from. `doubt` says why the mapping may be wrong (a shared ticker, an id nobody
 * checked): lanes leave such a feed alone until somebody settles it and sets null.
 */
import { z } from "zod";
import { CaipChainSchema } from "./chain.ts";

const provenance = {
  source: z.string().min(1).describe("Where the mapping is from"),
  doubt: z.string().min(1).nullable().describe("Why the mapping may be wrong; such a feed is not used"),
};
const evmAddress = z.string().regex(/^0x[0-9a-f]{40}$/, "0x and 40 hex digits in lower case");
const coinId = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)+$/, "a coin id, ticker-issuer");
const symbol = z.string().min(1);

export const PriceFeedSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("pyth"),
    feedId: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "64 hex digits in lower case, without 0x")
      .describe("Price feed id"),
    ...provenance,
  }),
  z.strictObject({
    kind: z.literal("chainlink"),
    chain: CaipChainSchema,
    address: evmAddress.describe("Proxy that answers latestRoundData"),
    ...provenance,
  }),
  z.strictObject({ kind: z.literal("redstone"), symbol: symbol.describe("Exact case"), ...provenance }),
  z.strictObject({
    kind: z.literal("kraken"),
    pair: symbol.describe("Pair as asked for"),
    answerKey: symbol.nullable().describe("Key in the answer where it differs from the pair"),
    ...provenance,
  }),
  z.strictObject({ kind: z.literal("coinbase"), product: symbol.describe("e.g. DAI-USD"), ...provenance }),
  z.strictObject({ kind: z.literal("bitstamp"), market: symbol.describe("e.g. DAI/USD"), ...provenance }),
  z.strictObject({ kind: z.literal("binance"), symbol: symbol.describe("e.g. USDCUSD"), ...provenance }),
  z.strictObject({
    kind: z.literal("coingecko-ticker"),
    coingeckoId: symbol.describe("Coin whose tickers are read"),
    exchange: symbol.describe("CoinGecko's exchange id"),
    base: symbol.describe("Base symbol"),
    target: symbol.describe("Wanted quote currency"),
    ...provenance,
  }),
  z.strictObject({
    kind: z.literal("curve-pool"),
    chain: CaipChainSchema,
    address: evmAddress.describe("Pool"),
    call: z.enum(["get_dy", "get_dy_underlying"]).describe("Which function prices the exchange"),
    inputIndex: z.int().min(0).max(7).describe("Reference coin's place in the pool"),
    outputIndex: z.int().min(0).max(7).describe("This coin's place in the pool"),
    inputDecimals: z.int().min(0).max(36),
    outputDecimals: z.int().min(0).max(36),
    route: z.enum(["direct", "one-hop", "wrapper", "chained"]).describe("How the reference coin gets its own price"),
    via: coinId.nullable().describe("Coin whose price converts the answer; null: the reference is worth 1 USD"),
    maxHopDepth: z.int().min(1).max(4).nullable().describe("Declared depth of a chained route; null: not declared"),
    reference: coinId.nullable().describe("Reference coin where it is not USDC"),
    ...provenance,
  }),
  z.strictObject({
    kind: z.literal("curve-oracle"),
    chain: CaipChainSchema,
    address: evmAddress.describe("Aggregator that answers price(), scaled 1e18"),
    ...provenance,
  }),
  z.strictObject({
    kind: z.literal("zephyr-scanner"),
    asset: z.enum(["ZSD", "ZYS"]).describe("Whose circulation is read there"),
    quotesPrice: z.boolean().describe("true: the protocol's own share price is a price; false: only its circulation"),
    ...provenance,
  }),
  z.strictObject({
    kind: z.literal("coingecko-low-volume"),
    coingeckoId: symbol.describe("Coin at CoinGecko whose price may be days old"),
    ...provenance,
  }),
  z.strictObject({ kind: z.literal("jupiter"), mint: symbol.describe("Solana mint"), ...provenance }),
  z.strictObject({
    kind: z.literal("erc4626-parent"),
    parent: coinId.describe("Coin whose price times the share rate is the price"),
    overridesPrice: z.boolean().describe("false: known relationship only, not used as a price"),
    call: z.enum(["convertToAssets", "previewRedeem"]).describe("Which function of the vault gives assets per share"),
    ...provenance,
  }),
  z.strictObject({
    kind: z.literal("redeem-parent"),
    parent: coinId.describe("Coin it is redeemed into"),
    basis: z
      .enum(["inherit", "getBurnAmount", "receiptToAsset", "virtualPrice"])
      .describe("inherit: one for one, less the fee; else the contract function that quotes the redemption"),
    feeRatio: z
      .number()
      .min(0)
      .max(0.2)
      .nullable()
      .describe("Share kept by a redemption that is inherited; null: none"),
    contract: evmAddress.nullable().describe("Contract that quotes; null: not needed, or not known and then no price"),
    mayFollowSingleSource: z
      .boolean()
      .describe("true: a single replay-safe source of the parent is good enough, and is named as it is"),
    ...provenance,
  }),
  z.strictObject({
    kind: z.literal("redeem-par"),
    currency: symbol.describe("Currency it is redeemed into at par"),
    ...provenance,
  }),
]);
export type PriceFeed = z.infer<typeof PriceFeedSchema>;
