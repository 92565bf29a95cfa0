/**
 * A chain of the registry: its names, where to look at it, and which nodes answer for it.
 *
 * Ids are CAIP-2. A chain without a known CAIP-2 namespace is written `x-<slug>:mainnet`; that form is ours, and is
 * replaced the day a namespace is agreed on. Unknown facts are null.
 */
import { z } from "zod";

export const CaipChainSchema = z
  .string()
  .regex(/^[a-z0-9][-a-z0-9]{2,31}:[-_a-zA-Z0-9]{1,64}$/, "a CAIP-2 chain id")
  .describe("CAIP-2 chain id of chains.json");

export const RpcEndpointSchema = z
  .strictObject({
    url: z
      .string()
      .regex(/^https?:\/\/\S+$/, "an http(s) address")
      .describe("JSON-RPC endpoint; {key} marks the key's place"),
    keyEnv: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, "an environment variable")
      .nullable()
      .describe("Variable with the key"),
  })
  .refine((rpc) => rpc.url.includes("{key}") === (rpc.keyEnv !== null), {
    path: ["keyEnv"],
    error: "a variable exactly when the address has {key}",
  });

const ExplorerSchema = z.strictObject({
  address: z.string().includes("{address}", "a pattern with {address}").describe("Page of an address"),
  tx: z.string().includes("{tx}", "a pattern with {tx}").describe("Page of a transaction"),
});

export const RollupRiskSchema = z.enum(["good", "warning", "bad"]);

/** L2BEAT's assessment of a chain on one day, as it published it: nothing in it is ours. */
export const RollupFactsSchema = z.strictObject({
  stage: z.enum(["0", "1", "2"]).nullable().describe("null: L2BEAT gives the chain no stage"),
  risks: z
    .strictObject({
      sequencerFailure: RollupRiskSchema,
      stateValidation: RollupRiskSchema,
      dataAvailability: RollupRiskSchema,
      exitWindow: RollupRiskSchema,
      proposerFailure: RollupRiskSchema,
    })
    .describe("Its five sentiments; of two readings of one risk the first, which is the emergency"),
  asOf: z.iso.date("a date as YYYY-MM-DD").describe("Day of the assessment"),
  source: z
    .string()
    .regex(/^https:\/\/l2beat\.com\/scaling\/projects\/[a-z0-9-]+$/, "L2BEAT's page of the chain")
    .describe("Page that shows it, as it stands today"),
  readFrom: z.url({ protocol: /^https$/ }).describe("Where the values of that day were read"),
});
export type RollupFacts = z.infer<typeof RollupFactsSchema>;

export const ChainSchema = z.strictObject({
  id: CaipChainSchema,
  slug: z
    .string()
    .regex(/^[a-z0-9_-]+$/, "lower-case letters, digits, _ or -")
    .describe("DefiLlama's name in addresses"),
  name: z.string().min(1).describe("Name for people"),
  defillamaName: z.string().min(1).nullable().describe("Name in DefiLlama's lists"),
  defillamaAliases: z.array(z.string().min(1)).describe("Other spellings DefiLlama uses or used"),
  kind: z.enum(["evm", "solana", "tron", "other"]).describe("How it is read"),
  explorer: ExplorerSchema.nullable().describe("Where people look things up"),
  blockTimeSec: z.number().positive().nullable().describe("Usual seconds between blocks"),
  finality: z.string().min(1).nullable().describe("When a block may be taken as final"),
  multicall3: z
    .string()
    .regex(/^0x[0-9a-f]{40}$/, "0x and 40 hex digits in lower case")
    .nullable()
    .describe("Multicall3 contract"),
  rollup: RollupFactsSchema.nullable().describe("null: L2BEAT has no assessment of it, or none that was read"),
  rpc: z.array(RpcEndpointSchema).describe("Nodes in the order they are tried; those without a key first"),
});
export type Chain = z.infer<typeof ChainSchema>;

export const ChainsFileSchema = z.array(ChainSchema).describe("Chains of the Plumbline registry, sorted by id");
