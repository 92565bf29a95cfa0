/**
 * Which adapter reads a coin's reserves, and the facts it reads with: contracts and what they must point to.
 *
 * Addresses are facts with a source; an adapter checks what it can on chain and gives nothing where a contract points elsewhere.
 */
import { z } from "zod";
import { CaipChainSchema } from "./chain.ts";

const httpUrl = z.url({ protocol: /^https?$/, error: "an address with https://" });
const address = z.string().regex(/^0x[0-9a-f]{40}$/, "0x and 40 hex digits in lower case");
const evm = { chain: CaipChainSchema };
const common = {
  displayUrl: httpUrl.nullable().describe("Where people see the same figures"),
  source: z.string().min(1).describe("Where the facts are from"),
};
const paid = {
  asset: address.describe("What is paid out"),
  assetCoinId: z.string().describe("The asset as a coin of the registry: its price makes dollars"),
};
/** A price key of DefiLlama's coins API. */
const priceKey = z.string().regex(/^[a-z0-9_]+:\S+$/, "slug:address or coingecko:id");

const Collateral = z.strictObject({ name: z.string().min(1), token: address, priceKey });

export const ReserveAdapterSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("sky-makercore"),
    ...evm,
    litePsm: address,
    gem: address.describe("The token the PSM must pay"),
    pocket: address.describe("Where the PSM must hold it"),
    sharedPoolId: z.string().min(1),
    ...common,
  }),
  z.strictObject({ kind: z.literal("cap-vault"), ...evm, vault: address, ...common }),
  z.strictObject({
    kind: z.literal("liquity-v1"),
    ...evm,
    troveManager: address,
    priceFeed: address,
    ...common,
  }),
  z.strictObject({
    kind: z.literal("liquity-v2-branches"),
    ...evm,
    collateralRegistry: address.describe("Where the redemption rate is read"),
    branches: z.array(z.strictObject({ activePool: address, collateral: Collateral })).min(1),
    ...common,
  }),
  z.strictObject({
    kind: z.literal("fx-pools"),
    ...evm,
    pools: z.array(z.strictObject({ name: z.string().min(1), pool: address, priceKey })).min(1),
    ...common,
  }),
  z.strictObject({
    kind: z.literal("gho-gsm"),
    ...evm,
    token: address,
    gsms: z.array(z.strictObject({ name: z.string().min(1), address })).min(1),
    ...common,
  }),
  z.strictObject({
    kind: z.literal("erc4626-single-asset"),
    ...evm,
    vault: address,
    asset: address.describe("What the vault must hold"),
    assetCoinId: z.string().nullable().describe("The asset as a coin of the registry: its price makes dollars"),
    ...common,
  }),
  z.strictObject({
    kind: z.literal("m0-wrapper-underlying"),
    ...evm,
    wrapper: address,
    underlying: address,
    ...common,
  }),
  z.strictObject({ kind: z.literal("origin-vault-balances"), ...evm, vault: address, ...common }),
  z.strictObject({
    kind: z.literal("infinifi"),
    ...evm,
    farmRegistry: address.describe("Lists the farms that pay back at once"),
    redeemController: address.describe("Pays redemptions and queues the rest"),
    ...paid,
    ...common,
  }),
  z.strictObject({
    kind: z.literal("liquity-native-active-pool"),
    ...evm,
    troveManager: address,
    priceFeed: address,
    borrowerOperations: address.describe("Where the redemption rate is read"),
    collateral: z.string().min(1).describe("What backs the debt, by name"),
    ...common,
  }),
  z.strictObject({
    kind: z.literal("stablecoin-bridges"),
    ...evm,
    bridges: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          bridge: address,
          token: address.describe("What the bridge must hold"),
          coinId: z.string().describe("That token as a coin of the registry: its price makes dollars"),
        }),
      )
      .min(1),
    ...common,
  }),
  z.strictObject({
    kind: z.literal("superstate-liquidity"),
    ...evm,
    redemption: address.describe("Contract that pays idle dollars out"),
    ...paid,
    ...common,
  }),
  z.strictObject({
    kind: z.literal("resupply-pairs"),
    ...evm,
    registry: address.describe("Lists the pairs and names the handler in use"),
    redemptionHandler: address,
    oracle: address.describe("Price of reUSD in crvUSD, by which the guard opens"),
    ...common,
  }),
  z.strictObject({
    kind: z.literal("yamato"),
    ...evm,
    priorityRegistry: address,
    coinId: z.string().describe("The coin itself: its price makes dollars of its peg's units"),
    ...common,
  }),
  z.strictObject({ kind: z.literal("sgho-wrapper"), ...evm, vault: address, ...paid, ...common }),
  z.strictObject({
    kind: z.literal("reservoir-psm"),
    ...evm,
    psm: address,
    ...paid,
    sharedPoolId: z.string().min(1),
    ...common,
  }),
  z.strictObject({ kind: z.literal("ethena"), ...common }),
  z.strictObject({ kind: z.literal("frax-balance-sheet"), ...common }),
  z.strictObject({ kind: z.literal("jupusd"), ...common }),
  z.strictObject({ kind: z.literal("asymmetry"), ...common }),
]);
export type ReserveAdapter = z.infer<typeof ReserveAdapterSchema>;
export type AdapterKind = ReserveAdapter["kind"];
export type AdapterEntry<Kind extends AdapterKind> = Extract<ReserveAdapter, { kind: Kind }>;
