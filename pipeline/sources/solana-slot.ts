/**
 * Solana's current slot, against which Jupiter's block ids are dated.
 *
 * Producer Solana's public nodes, https://solana.com/docs/rpc/http/getslot, no key, strict limits; a slot is about 0.4 seconds.
 */
import { whole } from "./numbers.ts";
import { rpcResult } from "./rpc-error.ts";
import { badShape } from "./shape.ts";
import type { Source } from "./source.ts";

export const solanaSlot: Source<Record<string, never>, { slot: number }> = {
  id: "solana-rpc:get-slot",
  upstream: "solana-rpc",
  breaker: "solana-rpc",
  docs: "https://solana.com/docs/rpc/http/getslot",
  example: {},
  async fetch(http, request) {
    const { body } = await http.json("solana-rpc", {
      path: "",
      method: "POST",
      body: { jsonrpc: "2.0", id: 1, method: "getSlot", params: [] },
      timeoutMs: 5_000,
    });
    return this.parse(body, request);
  },
  parse(body) {
    const slot = whole(rpcResult(body, this.id));
    if (slot === null || slot === 0) throw badShape(this.id, "not a slot number", body);
    return { slot };
  },
  rows: () => 1,
  isUsable: () => true,
};
