/** Freezes of one Tron contract, from TronGrid, by event time in milliseconds. The cursor is the earliest end of all its events. */
import { createHash } from "node:crypto";
import type { LaneContext } from "../lane.ts";
import type { Collected } from "../sources/collect.ts";
import { type TronEvent, type TronEvents, trongridAccount, trongridEvents } from "../sources/trongrid.ts";
import type { FreezeContract } from "./contracts.ts";
import { tokensText } from "./decode.ts";
import { FAMILIES, type FreezeSignature } from "./signatures.ts";

const MARGIN_MS = 900_000;
const FIRST_LOOK_SEC = 86_400;
const MAX_PAGES = 5;
const TRON_DECIMALS: Readonly<Record<string, number>> = { TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t: 6 };

export interface TronFreeze {
  signature: FreezeSignature;
  event: TronEvent;
  address: string;
  amount: string | null;
  amountSource: "event" | "current_balance_snapshot" | "unavailable";
}

export interface TronScanned {
  found: TronFreeze[];
  /** Read whole up to here, milliseconds; null when nothing was. */
  upToMs: number | null;
  fromSec: number;
  problem: string | null;
}

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** A party as TronGrid sends it, 20 bytes of hex with or without Tron's 41, as people write it. */
export function tronAddress(sent: string): string | null {
  const hex = sent.replace(/^0x/, "").replace(/^41(?=[0-9a-f]{40}$)/i, "");
  if (!/^[0-9a-f]{40}$/i.test(hex)) return /^T[1-9A-HJ-NP-Za-km-z]{33}$/.test(sent) ? sent : null;
  const body = Buffer.from(`41${hex}`, "hex");
  const sha = (bytes: Buffer) => createHash("sha256").update(bytes).digest();
  let value = BigInt(`0x${Buffer.concat([body, sha(sha(body)).subarray(0, 4)]).toString("hex")}`);
  let text = "";
  for (; value > 0n; value /= 58n) text = ALPHABET[Number(value % 58n)] + text;
  return text;
}

/** Names differ by contract, positions do not. */
function valueAt(event: TronEvent, place: number): string | null {
  return event.values[String(place)] ?? Object.values(event.values)[place] ?? null;
}

async function pagesOf(context: LaneContext, contract: string, event: string, since: number) {
  const events: TronEvent[] = [];
  let page: string | null = null;
  for (let asked = 0; asked < MAX_PAGES; asked++) {
    const answer: Collected<TronEvents> = await context.collect(trongridEvents, {
      contract,
      event,
      since,
      ...(page ? { page } : {}),
    });
    if (!answer.ok) return { ok: false as const, detail: answer.detail };
    events.push(...answer.value.events.filter((each) => each.contract === contract));
    page = answer.value.nextPage;
    if (page === null) return { ok: true as const, events, isWhole: true };
  }
  return { ok: true as const, events, isWhole: false };
}

async function currentBalance(context: LaneContext, contract: string, address: string, decimals: number | null) {
  const answer = await context.collect(trongridAccount, { address });
  const units = answer.ok ? answer.value.balances[contract] : undefined;
  if (!answer.ok || decimals === null) return null;
  return tokensText(BigInt(units ?? "0"), decimals);
}

export async function scanTron(
  context: LaneContext,
  contract: FreezeContract,
  cursorMs: number | null,
): Promise<TronScanned> {
  const { nowSec } = context;
  const since = cursorMs === null ? nowSec - FIRST_LOOK_SEC : Math.floor(cursorMs / 1000);
  const decimals = contract.decimals ?? TRON_DECIMALS[contract.address] ?? null;
  let upToMs = nowSec * 1000 - MARGIN_MS;
  const found: TronFreeze[] = [];
  for (const signature of FAMILIES[contract.family] as readonly FreezeSignature[]) {
    const name = signature.signature.slice(0, signature.signature.indexOf("("));
    const pages = await pagesOf(context, contract.address, name, since);
    if (!pages.ok) return { found: [], upToMs: null, fromSec: since, problem: pages.detail };
    const last = pages.events.at(-1);
    if (!pages.isWhole && last) upToMs = Math.min(upToMs, last.timestamp * 1000 - 1);
    for (const event of pages.events) {
      const sent = typeof signature.address === "number" ? valueAt(event, signature.address) : null;
      const address = sent === null ? null : tronAddress(sent);
      if (address === null)
        return { found: [], upToMs: null, fromSec: since, problem: `${event.transactionId} cannot be read` };
      const units = signature.amount === null ? null : valueAt(event, signature.amount);
      const stated = units !== null && decimals !== null ? tokensText(BigInt(units), decimals) : null;
      const now =
        stated === null && signature.type === "blacklist"
          ? await currentBalance(context, contract.address, address, decimals)
          : null;
      found.push({
        signature,
        event,
        address,
        amount: stated ?? now,
        amountSource: stated !== null ? "event" : now !== null ? "current_balance_snapshot" : "unavailable",
      });
    }
  }
  return { found, upToMs, fromSec: since, problem: null };
}
