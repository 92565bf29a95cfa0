/** Hours of flow: what counts, and its sums by coin, chain and hour. The same in SQL is `flows/hourly.sql`. */
import { isCounted } from "./flow-figures.ts";
import type { FlowEvent, HourlyFlow } from "./schema/flows.ts";

export const HOUR_SEC = 3600;
/** Younger events without a price are healed by the runs, older ones by `backfill prices`. */
export const HEAL_SEC = 48 * HOUR_SEC;
export const HEAL_ROWS = 500;

export function hourOf(timestamp: number): number {
  return Math.floor(timestamp / HOUR_SEC) * HOUR_SEC;
}

export type BucketedEvent = Pick<
  FlowEvent,
  "coinId" | "chainId" | "timestamp" | "direction" | "flowType" | "burnType"
> & {
  amountUsd: number | null;
};

/** Buckets sorted by coin, chain and hour; an hour whose events all do not count is a bucket of zeros. */
export function hourlyBuckets(events: readonly BucketedEvent[]): HourlyFlow[] {
  const buckets = new Map<string, HourlyFlow>();
  for (const event of events) {
    const { coinId, chainId } = event;
    const hourTs = hourOf(event.timestamp);
    const key = `${coinId}|${chainId}|${hourTs}`;
    let bucket = buckets.get(key);
    if (bucket === undefined) {
      bucket = { coinId, chainId, hourTs, mintCount: 0, burnCount: 0, mintVolumeUsd: 0, burnVolumeUsd: 0 };
      buckets.set(key, bucket);
    }
    if (!isCounted(event)) continue;
    const usd = event.amountUsd ?? 0;
    if (event.direction === "mint") {
      bucket.mintCount += 1;
      bucket.mintVolumeUsd += usd;
    } else {
      bucket.burnCount += 1;
      bucket.burnVolumeUsd += usd;
    }
  }
  return [...buckets.values()].sort(byCoinAndTime);
}

export function byCoinAndTime(a: HourlyFlow, b: HourlyFlow): number {
  return order(a.coinId, b.coinId) || order(a.chainId, b.chainId) || a.hourTs - b.hourTs;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `priced`: amount in USD, or the price it follows from. */
export function nullPriceBacklogClass(ageSec: number, priced: number | null): "recent" | "historical" | "none" {
  if (priced !== null) return "none";
  return ageSec <= HEAL_SEC ? "recent" : "historical";
}
