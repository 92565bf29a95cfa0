/**
 * One coin of the registry: what it is, what it promises, where it lives, and who quotes it. One coin is one file.
 *
 * Facts are entered by hand with a source. Unknown is `null`, never a guess: 18 decimals or a dollar peg are facts too.
 * EVM addresses are lower case; other chains keep the case their addresses need. Chains are CAIP-2 ids of chains.json.
 */
import { z } from "zod";
import { CaipChainSchema } from "./chain.ts";
import { PriceFeedSchema } from "./price-feed.ts";
import { RouteEntrySchema } from "./redemption-route.ts";
import { ReserveAdapterSchema } from "./reserve-adapter.ts";

const httpUrl = z.url({ protocol: /^https?$/, error: "an address with https://" });

export const CoinIdSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)+$/, "ticker-issuer in lower case, letters and digits joined by hyphens")
  .describe("ticker-issuer, for ever: tickers collide, so the issuer or project is part of the id");

// biome-ignore format: a list to read, not a column
export const PEG_CURRENCIES = [
  "USD", "EUR", "GBP", "CHF", "JPY", "AUD", "CAD", "CNY", "CNH", "BRL", "ARS", "RUB", "MXN", "PHP", "COP", "KRW", "UAH",
  "SGD", "TRY", "KES", "ZAR", "NGN", "XOF", "GHS", "CLP", "PEN", "MYR", "IDR", "KGS", "VND", "GOLD", "SILVER", "VAR",
] as const;

/** A peg's label as DefiLlama writes it: "pegged" and the currency, but the Brazilian real is peggedREAL. */
export function pegTypeOf(currency: string): string {
  return currency === "BRL" ? "peggedREAL" : `pegged${currency}`;
}

const PegSchema = z
  .strictObject({
    currency: z.enum(PEG_CURRENCIES).describe("What one token is meant to be worth; VAR has no fixed reference"),
    type: z
      .string()
      .regex(/^pegged[A-Z]+$/, 'DefiLlama\'s label, "pegged" and the currency')
      .describe("DefiLlama's peg label"),
    referenceId: CoinIdSchema.nullable().describe("A coin that serves as the reference instead of the currency itself"),
  })
  .refine((peg) => peg.type === pegTypeOf(peg.currency), {
    path: ["type"],
    error: "the DefiLlama label of the peg's own currency",
  });

const StatusSchema = z.strictObject({
  state: z
    .enum(["active", "delisted", "dead", "frozen", "pre-launch"])
    .describe("delisted: DefiLlama dropped it; dead: it failed or was wound up; frozen: the issuer stopped it"),
  since: z.iso.date("a date as YYYY-MM-DD").nullable().describe("First day of this state; null when not known"),
});

const IdsSchema = z.strictObject({
  defillama: z
    .string()
    .regex(/^\d+$/, "DefiLlama's number as a string")
    .nullable()
    .describe("id in the DefiLlama list"),
  coingecko: z.string().min(1).nullable().describe("API id at CoinGecko"),
  coinmarketcap: z.int().positive().nullable().describe("Number at CoinMarketCap"),
  coinmarketcapSlug: z.string().min(1).nullable().describe("Page name at CoinMarketCap"),
});

export const DeploymentSchema = z.strictObject({
  chain: CaipChainSchema,
  address: z.string().min(1).describe("Contract, mint, asset id or denom as that chain writes it; EVM in lower case"),
  decimals: z
    .int()
    .min(0)
    .max(36)
    .nullable()
    .describe("Base units per token as a power of ten; null: read it on chain"),
  role: z
    .enum(["issued", "bridged", "unreleased", "reserves", "bridge"])
    .nullable()
    .describe(
      "issued, bridged: the token; unreleased, reserves, bridge: holders to subtract; null: token, origin not known",
    ),
  bridgedFrom: CaipChainSchema.optional().describe("Home of a bridged form"),
  bridgedTo: CaipChainSchema.optional().describe("Chain whose tokens a bridge address locks"),
});
export type Deployment = z.infer<typeof DeploymentSchema>;

export const MintBurnEventKindSchema = z.enum([
  "transfer",
  "usdt-issue",
  "usdt-redeem",
  "reusd-deposited",
  "reusd-instant-redemption-routed",
]);
export type MintBurnEventKind = z.infer<typeof MintBurnEventKindSchema>;

const MintBurnBridgeSchema = z.strictObject({
  protocol: z.enum(["ccip", "cctp", "layerzero-oft"]).describe("Whose fingerprint a bridge transaction carries"),
  addresses: z.array(z.string()).describe("The coin's own pools (ccip, cctp) or bridge contracts (layerzero-oft)"),
  extraTopics: z.array(z.string()).optional().describe("Signal topics beside the protocol's own"),
  extraSelectors: z.array(z.string()).optional().describe("Signal selectors beside the protocol's own"),
});
export type MintBurnBridge = z.infer<typeof MintBurnBridgeSchema>;

const MintBurnContractSchema = z.strictObject({
  chain: CaipChainSchema,
  address: z
    .string()
    .regex(/^0x[0-9a-f]{40}$/, "0x and 40 hex digits in lower case")
    .nullable()
    .describe("Contract whose mint and burn events are counted; null: not known, so not read"),
  decimals: z.int().min(0).max(36).describe("Of the amounts in its events"),
  tier: z.enum(["critical", "extended"]).describe("Critical ones are read first and judge the lane"),
  startBlock: z.int().nonnegative().describe("First block worth reading"),
  startBlockSource: z.string().min(1).describe("Who says so"),
  startBlockConfidence: z.enum(["high", "medium", "low"]).describe("low: a blanket floor"),
  dustThreshold: z.number().nonnegative().describe("Token units; smaller events are left out"),
  events: z.array(MintBurnEventKindSchema).min(1).describe("Which events are mints and burns"),
  bridge: MintBurnBridgeSchema.nullable().describe("How bridge transfers are told from flow; null: not told"),
  enabled: z.boolean().describe("false: not read"),
  source: z.string().min(1).describe("Where the facts are from"),
});
export type MintBurnContract = z.infer<typeof MintBurnContractSchema>;

const FactSourceSchema = z.strictObject({
  facts: z
    .enum(["identity", "peg", "classification", "status", "deployments", "price-feeds"])
    .describe("The group of facts"),
  source: z.string().min(1).describe("Link or note: where a stranger can check it"),
});

export const CoinSchema = z
  .strictObject({
    id: CoinIdSchema,
    symbol: z.string().min(1).describe("Ticker as the issuer writes it; not unique"),
    name: z.string().min(1).describe("Name for people"),
    peg: PegSchema,
    mechanism: z
      .enum(["fiat-backed", "crypto-backed", "algorithmic"])
      .nullable()
      .describe("Peg mechanism as DefiLlama says"),
    backing: z
      .enum(["rwa", "crypto", "algorithmic"])
      .nullable()
      .describe("What stands behind it; rwa: assets off chain"),
    governance: z.enum(["cefi", "cefi-dependent", "defi"]).nullable().describe("Who must be trusted"),
    navToken: z.boolean().nullable().describe("true: the price follows a net asset value and grows away from 1"),
    yieldBearing: z.boolean().nullable().describe("true: holders earn by holding; null: not known"),
    commodityOunces: z
      .number()
      .positive()
      .nullable()
      .describe("Troy ounces per token; null for coins without a metal or unknown"),
    variantOf: CoinIdSchema.nullable().describe("The coin this one wraps or saves"),
    status: StatusSchema,
    launchDate: z.iso.date("a date as YYYY-MM-DD").nullable().describe("First day in use"),
    jurisdiction: z.string().min(1).nullable().describe("Country of the issuer"),
    website: httpUrl.nullable().describe("The project's own page"),
    ids: IdsSchema.describe("Third parties' ids; never keys of ours"),
    deployments: z.array(DeploymentSchema).describe("Main contract first"),
    priceFeeds: z.array(PriceFeedSchema).describe("Who quotes it; a feed with a doubt is not used"),
    mintBurnContracts: z.array(MintBurnContractSchema).describe("For the flows lanes"),
    redemptionRoute: RouteEntrySchema.nullable().describe("How holders get out"),
    reserveAdapter: ReserveAdapterSchema.nullable().describe("How reserves are read"),
    sources: z.array(FactSourceSchema).min(1).describe("A source for every group of facts"),
  })
  .describe("One stablecoin of the Plumbline registry");
export type Coin = z.infer<typeof CoinSchema>;
