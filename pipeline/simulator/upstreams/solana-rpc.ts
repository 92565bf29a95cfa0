/** A Solana node, as far as it is asked: the current slot. */
import { ok, type SimUpstream } from "../upstream.ts";

const SLOT_SEC = 0.4;
/** Slot 0 of the simulated chain: 2020-03-16. */
const GENESIS_SEC = 1_584_316_800;

export function slotAt(timeSec: number): number {
  return Math.floor((timeSec - GENESIS_SEC) / SLOT_SEC);
}

export const solanaRpc: SimUpstream = {
  id: "solana-rpc",
  answer({ body }, _world, nowSec) {
    const { id = null, method } = (body ?? {}) as { id?: unknown; method?: unknown };
    if (method === "getSlot") return ok({ jsonrpc: "2.0", id, result: slotAt(nowSec) });
    return ok({ jsonrpc: "2.0", id, error: { code: -32_601, message: "Method not found" } });
  },
};
