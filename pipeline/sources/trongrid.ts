/**
 * TronGrid: events of Tron contracts and transactions.
 *
 * Producer Tron, https://api.trongrid.io, a key raises the limit. Contracts are base58 and keep their case, parties are hex without Tron's 41; `result`
 * names its values and numbers them too, and contracts choose the names; times are milliseconds. Counterfeit tokens emit the
 * same events (a "USDT" with 18 decimals): whether a contract is tracked is the caller's question.
 */
import { z } from "zod";
import { WholeSchema } from "./evm-log.ts";
import { lowerHex } from "./quotes.ts";
import { badShape, readShape, upstreamError } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const ValueSchema = z.union([z.string(), z.number().transform(String)]).nullish();

const EventSchema = z.object({
  contract_address: z.string().min(1),
  event_name: z.string().min(1),
  result: z.record(z.string(), z.unknown()).nullish(),
  block_number: WholeSchema,
  block_timestamp: z.unknown().optional(),
  transaction_id: z.string().min(1),
  event_index: WholeSchema,
});

const BodySchema = z.object({
  data: z.array(EventSchema),
  meta: z.object({ fingerprint: z.string().optional() }).nullish(),
});

export interface TronEvent {
  /** Base58. */
  contract: string;
  event: string;
  from: string | null;
  to: string | null;
  /** Base units as decimal text. */
  value: string | null;
  /** Every value as sent, by name and by position. */
  values: Record<string, string>;
  blockNumber: number;
  timestamp: number;
  transactionId: string;
  eventIndex: number;
}

export interface TronEvents {
  events: TronEvent[];
  /** Where the next page starts; null on the last one. */
  nextPage: string | null;
}

export interface TronEventsRequest {
  /** Base58 contract. */
  contract?: string | undefined;
  event?: string | undefined;
  /** Unix seconds. */
  since?: number | undefined;
  page?: string | undefined;
}

export const trongridEvents: Source<TronEventsRequest, TronEvents> = {
  id: "trongrid:events",
  upstream: "trongrid",
  breaker: "trongrid",
  docs: "https://developers.tron.network/reference/get-events-by-contract-address",
  example: { contract: "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", event: "Issue" },
  async fetch(http, request) {
    const { body } = await http.json("trongrid", {
      path: `/v1/contracts/${encodeURIComponent(request.contract ?? "")}/events`,
      query: {
        event_name: request.event,
        min_block_timestamp: request.since === undefined ? undefined : request.since * 1000,
        fingerprint: request.page,
        order_by: "block_timestamp,asc",
        limit: 200,
      },
      headers: { "TRON-PRO-API-KEY": "{key}" },
    });
    return this.parse(body, request);
  },
  parse(body) {
    const refusal = z
      .object({ success: z.literal(false) })
      .loose()
      .safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.error ?? "no reason given");
    const { data, meta } = readShape(BodySchema, body, this.id);
    const events = data.map((event) => {
      const timestamp = epochSeconds(event.block_timestamp);
      if (timestamp === null) throw badShape(this.id, "an event without a time", event);
      // Contracts name the parties as they like; their order in a Transfer is fixed by the token standard.
      const [from, to, value] = event.event_name === "Transfer" ? ["0", "1", "2"] : [];
      return {
        contract: event.contract_address,
        event: event.event_name,
        from: party(event.result, "from", from),
        to: party(event.result, "to", to),
        value: text(event.result, "value", value) ?? text(event.result, "amount", undefined),
        values: Object.fromEntries(
          Object.keys(event.result ?? {}).flatMap((name) => {
            const sent = text(event.result, name, undefined);
            return sent === null ? [] : [[name, sent]];
          }),
        ),
        blockNumber: event.block_number,
        timestamp,
        transactionId: event.transaction_id,
        eventIndex: event.event_index,
      };
    });
    return { events, nextPage: meta?.fingerprint ?? null };
  },
  rows: ({ events }) => events.length,
  isUsable: () => true,
};

function text(
  result: Record<string, unknown> | null | undefined,
  name: string,
  position: string | undefined,
): string | null {
  const named = ValueSchema.safeParse(result?.[name]).data;
  if (named != null || position === undefined) return named ?? null;
  return ValueSchema.safeParse(result?.[position]).data ?? null;
}

function party(...asked: Parameters<typeof text>): string | null {
  const address = text(...asked);
  return address === null ? null : lowerHex(address);
}

const AccountSchema = z.object({
  data: z.array(z.object({ trc20: z.array(z.record(z.string(), z.string())).nullish() })),
});

export interface TronAccount {
  /** Base units by base58 contract; a token that is not listed is not held. */
  balances: Record<string, string>;
}

export const trongridAccount: Source<{ address?: string | undefined }, TronAccount> = {
  id: "trongrid:account",
  upstream: "trongrid",
  breaker: "trongrid",
  docs: "https://developers.tron.network/reference/get-account-info-by-address",
  example: { address: "41a614f803b6fd780986a42c78ec9c7f77e6ded13c" },
  async fetch(http, request) {
    const { body } = await http.json("trongrid", {
      path: `/v1/accounts/${encodeURIComponent(request.address ?? "")}`,
      headers: { "TRON-PRO-API-KEY": "{key}" },
    });
    return this.parse(body, request);
  },
  parse(body) {
    const refusal = z
      .object({ success: z.literal(false) })
      .loose()
      .safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.error ?? "no reason given");
    const [account] = readShape(AccountSchema, body, this.id).data;
    return { balances: Object.assign({}, ...(account?.trc20 ?? [])) };
  },
  rows: ({ balances }) => Object.keys(balances).length,
  isUsable: () => true,
};
