/** A record with as many mints and burns as a test wants, of every kind, and the coin files made of them. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mergeHistory } from "../../pipeline/publish/history-files.ts";
import { type FlowEventRow, MINT_BURN_EVENTS } from "../../pipeline/schema/flows.ts";
import { openStore, type Store } from "../../pipeline/store/store.ts";

const START_SEC = Date.UTC(2026, 10, 20) / 1000;
const HOLDERS = 200;

const digest = (text: string) => createHash("sha256").update(text).digest();
const hex = (seed: string, bytes: number) => `0x${digest(seed).subarray(0, bytes).toString("hex")}`;

/** Event `i` of a coin on two chains; every fifth has no price, some share a block and its time. */
export function eventRow(coinId: string, i: number): FlowEventRow {
  const chance = digest(`${coinId}/${i}`);
  const key = chance.readUInt32LE(28);
  const draw = (n: number) => chance.readUInt32LE(4 * (n - 1)) / 2 ** 32;
  const direction = draw(1) < 0.55 ? "mint" : "burn";
  const kind = draw(2);
  const isBridge = kind < 0.2;
  const isReview = direction === "burn" && kind > 0.9;
  const isPriced = i % 5 !== 0;
  return {
    coinId,
    chainId: draw(3) < 0.8 ? "ethereum" : "arbitrum",
    blockNumber: 24_000_000 + Math.floor(i / 3),
    logIndex: Math.floor(draw(4) * 300),
    txHash: hex(`${coinId}/tx/${i}`, 32),
    timestamp: START_SEC + Math.floor(i / 3),
    direction,
    amountUnits: String(BigInt(Math.floor(10 ** (4 + draw(5) * 4))) * 10n ** 6n + BigInt(key % 1_000_000)),
    decimals: 6,
    counterparty: draw(6) < 0.05 ? null : hex(`holder/${key % HOLDERS}`, 20),
    flowType: isBridge ? "bridge_transfer" : kind < 0.3 ? "atomic_roundtrip" : "standard",
    burnType: direction === "mint" ? null : isBridge ? "bridge_burn" : isReview ? "review_required" : "effective_burn",
    burnReviewReason: isReview ? "tx-context-unavailable" : null,
    priceUsed: isPriced ? 1 + (key % 100) / 100_000 : null,
    priceTimestamp: isPriced ? START_SEC : null,
    priceSource: isPriced ? "supply-history-daily" : null,
    revision: 0,
    removed: false,
  };
}

export interface ManyEvents {
  rows: FlowEventRow[];
  store: Store;
  /** The store may write here. */
  folder: string;
  remove(): void;
}

export async function manyEvents(coinId: string, count: number): Promise<ManyEvents> {
  const root = mkdtempSync(join(tmpdir(), "plumbline-many-events-"));
  const folder = join(root, "out");
  mkdirSync(folder);
  const rows = Array.from({ length: count }, (_, i) => eventRow(coinId, i));
  for (const [path, { text }] of mergeHistory(root, MINT_BURN_EVENTS, rows as unknown as Record<string, unknown>[])) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const store = await openStore(root, 2, [folder]);
  return {
    rows,
    store,
    folder,
    remove() {
      store.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
