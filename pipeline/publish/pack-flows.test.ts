import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byCoinAndTime } from "../flow-hours.ts";
import type { HourlyFlow, StoredFlows } from "../schema/flows.ts";
import { canonical } from "./canonical-json.ts";
import { packFlows, unpackFlows } from "./pack-flows.ts";

const AT = 1_792_557_420;
const COINS = ["aaa-one", "usdc-circle", "usdt-tether"];
/** Hours and events may speak of a coin that the registry no longer names. */
const NAMED = [...COINS, "gone-coin"];
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array) => `0x${Buffer.from(array).toString("hex")}`);
const usd = fc.oneof(
  fc.integer({ min: 0, max: 1e12 }),
  fc.integer({ min: 0, max: 99_999 }).map((cents) => cents / 100),
);

const hour = fc.record({
  coinId: fc.constantFrom(...NAMED),
  chainId: fc.constantFrom("ethereum", "arbitrum-one"),
  hourTs: fc.integer({ min: 0, max: 9 }).map((n) => 1_792_548_000 + 3600 * n),
  mintCount: fc.nat(500),
  burnCount: fc.nat(500),
  mintVolumeUsd: usd,
  burnVolumeUsd: usd,
});
const event = fc.record({
  coinId: fc.constantFrom(...NAMED),
  chainId: fc.constantFrom("ethereum", "arbitrum-one"),
  blockNumber: fc.nat(),
  logIndex: fc.nat(5000),
  txHash: hex(32),
  timestamp: fc.integer({ min: AT - 9000, max: AT + 60 }),
  direction: fc.constantFrom("mint", "burn"),
  amountUnits: fc.bigInt({ min: 1n, max: 10n ** 38n - 1n }).map(String),
  decimals: fc.nat(36),
  counterparty: fc.option(hex(20)),
  flowType: fc.constantFrom("standard", "bridge_transfer", "atomic_roundtrip"),
  burnType: fc.constantFrom(null, "effective_burn", "bridge_burn", "review_required"),
  burnReviewReason: fc.constantFrom(null, "tx-context-unavailable"),
  priceUsed: fc.option(fc.double({ min: 1e-9, max: 1e6, noNaN: true })),
  priceTimestamp: fc.option(fc.integer({ min: AT - 90_000, max: AT + 5 })),
  priceSource: fc.constantFrom(null, "price-cache-current", "supply-history-daily"),
});
const chain = fc.record({
  chainId: fc.constantFrom("ethereum", "arbitrum-one"),
  headBlock: fc.option(fc.nat()),
  lastSyncedBlock: fc.option(fc.nat()),
  finalizedBlock: fc.option(fc.nat()),
  reason: fc.option(fc.string()),
});

describe("flows as they lie in git", () => {
  it("are read back as they were, whatever hours, events and chains there are", () => {
    fc.assert(
      fc.property(
        fc.array(hour, { maxLength: 30 }),
        fc.array(event, { maxLength: 20 }),
        fc.array(chain, { maxLength: 3 }),
        fc.option(fc.integer({ min: AT - 9000, max: AT })),
        (hours, provisional, chains, lastSuccessfulSyncAt) => {
          const named = new Map(hours.map((row) => [`${row.coinId}|${row.chainId}|${row.hourTs}`, row]));
          const openHours = [...named.values()].sort(byCoinAndTime) as HourlyFlow[];
          const coins = COINS.map((stablecoinId) => ({
            stablecoinId,
            symbol: stablecoinId,
            coverage: { chainIds: ["ethereum"], lastSyncedBlock: 7, lagBlocks: null, scopeLabel: "x" },
          }));
          const data = { coins, openHours, provisional, chains, sync: { lastSuccessfulSyncAt }, laggards: [] };
          const packed = JSON.parse(JSON.stringify(packFlows(data as unknown as StoredFlows, AT)));
          expect(canonical(unpackFlows(packed, AT))).toEqual(canonical(data));
        },
      ),
      { numRuns: 300 },
    );
  });
});
