/** Freezes: addresses that an issuer stopped, released or emptied, each with the transaction that did it. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";

export const FreezeTypeSchema = z.enum(["blacklist", "unblacklist", "destroy"]);
export type FreezeType = z.infer<typeof FreezeTypeSchema>;

export const FreezeEventSchema = z.object({
  id: z.string().describe("chain-transaction-log, and the place in the list where one log names several addresses"),
  coinId: z.string(),
  stablecoin: z.string().describe("Symbol"),
  chainId: z.string().describe("CAIP-2"),
  eventType: FreezeTypeSchema,
  signature: z.string().describe("Event as the contract declares it"),
  address: z.string().describe("Whose tokens"),
  amount: z.string().nullable().describe("Tokens, exact; null: not known, which is not 0"),
  amountSource: z.enum(["event", "historical_balance", "current_balance_snapshot", "unavailable"]),
  amountUsd: z.number().nullable().describe("At the price of the run that read it; null without a current price"),
  contractAddress: z.string(),
  txHash: z.string(),
  blockNumber: z.int().nullable(),
  timestamp: UnixSecondsSchema,
});
export type FreezeEvent = z.infer<typeof FreezeEventSchema>;

export const FreezeCoverageSchema = z.object({
  coinId: z.string(),
  chainId: z.string(),
  contractAddress: z.string(),
  family: z.string(),
  /** EVM counts blocks, Tron milliseconds: two units that are never compared. */
  cursor: z.object({ unit: z.enum(["block", "ms"]), value: z.int().nonnegative() }).nullable(),
  since: UnixSecondsSchema.nullable().describe("Events are known from here on; null: nothing read yet"),
  status: z.enum(["ok", "failed", "no-node", "not-read"]),
  reason: z.string().nullable(),
});
export type FreezeCoverage = z.infer<typeof FreezeCoverageSchema>;

export const FreezeEventsSchema = z.object({
  events: z.array(FreezeEventSchema).describe("Newest 200; the history holds them all"),
  total: z.int().nonnegative(),
  byCoin: z.record(
    z.string(),
    z.object({
      blacklist: z.int(),
      unblacklist: z.int(),
      destroy: z.int(),
      events24h: z.int(),
      events7d: z.int(),
      activeAddresses: z.int().describe("Frozen and not released since"),
      frozenUsd: z.number().nullable().describe("Last known balances of every address ever frozen; null: none known"),
      activeFrozenUsd: z.number().nullable().describe("The same of those still frozen"),
      amountGaps: z.int().describe("Frozen addresses whose balance is not known"),
    }),
  ),
  coverage: z.array(FreezeCoverageSchema),
});
export type FreezeEvents = z.infer<typeof FreezeEventsSchema>;
