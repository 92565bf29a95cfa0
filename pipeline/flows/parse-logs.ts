/**
 * Logs of one event of one contract to flow rows: amount, counterparty and price at the time; dust and undated logs are dropped.
 *
 * The topic is not checked again here: filtering is the fetch's job.
 */
import { scaleUnits } from "../flow-figures.ts";
import type { FlowEvent } from "../schema/flows.ts";
import { whole } from "../sources/numbers.ts";
import { DAY_SEC } from "../time.ts";
import { decodeAddress, readDataWord, readUnits } from "./decode.ts";
import type { EventDefinition } from "./event-definitions.ts";
import { type EventPrices, NO_PRICE, priceAt } from "./price-at.ts";

export interface RawLog {
  topics: readonly string[];
  data: string;
  /** Hex or number. */
  blockNumber: string | number;
  transactionHash: string;
  logIndex: string | number;
}

export interface ParsedContract {
  coinId: string;
  /** Chain's slug, first part of a row's id. */
  chainId: string;
  decimals: number;
  /** In token units; an event of exactly this size is kept. */
  dustThreshold: number;
}

export function amountUnitsOf(definition: EventDefinition, data: string): bigint | null {
  const slot = definition.amountEncoding === "nth-data-uint256" ? (definition.dataSlot ?? 0) : 0;
  return readUnits(data, slot);
}

function counterpartyOf({ counterpartyEncoding, direction }: EventDefinition, log: RawLog): string | null {
  const word =
    counterpartyEncoding?.source === "data"
      ? readDataWord(log.data, counterpartyEncoding.slot)
      : log.topics[counterpartyEncoding?.index ?? (direction === "mint" ? 2 : 1)];
  return word == null ? null : decodeAddress(word);
}

type BlockTimes = (block: number) => number | null | undefined;

/** What reads the logs of one event of one contract: a row, or null for one that is dropped. `blockTimes`: block number to unix seconds. */
export function logReader(
  contract: ParsedContract,
  definition: EventDefinition,
  blockTimes: BlockTimes,
  prices: EventPrices,
): (log: RawLog) => FlowEvent | null {
  const { coinId, chainId, decimals, dustThreshold } = contract;
  const { direction } = definition;
  // A whole threshold is compared exactly: one base unit less is dust, though it reads as the same number.
  const dustUnits = Number.isSafeInteger(dustThreshold) ? BigInt(dustThreshold) * 10n ** BigInt(decimals) : null;
  let pricedDay = Number.NaN;
  let price = NO_PRICE;
  return (log) => {
    const units = amountUnitsOf(definition, log.data);
    if (units === null || units <= 0n || (dustUnits !== null && units < dustUnits)) return null;
    const amountUnits = units.toString();
    const amount = scaleUnits(units, decimals, amountUnits);
    if (dustUnits === null && amount < dustThreshold) return null;
    const blockNumber = whole(log.blockNumber);
    const timestamp = blockNumber === null ? null : blockTimes(blockNumber);
    const logIndex = whole(log.logIndex);
    if (blockNumber === null || !timestamp || logIndex === null) return null;
    // Events of one day have one price: it is looked up once.
    const day = Math.floor(timestamp / DAY_SEC);
    if (day !== pricedDay) {
      price = priceAt(coinId, timestamp, prices);
      pricedDay = day;
    }
    return {
      coinId,
      chainId,
      txHash: log.transactionHash,
      logIndex,
      blockNumber,
      timestamp,
      direction,
      amountUnits,
      amount,
      counterparty: counterpartyOf(definition, log),
      flowType: "standard",
      burnType: direction === "burn" ? "effective_burn" : null,
      burnReviewReason: null,
      priceUsed: price.priceUsed,
      priceTimestamp: price.priceTimestamp,
      priceSource: price.priceSource,
    };
  };
}

/** Rows of the logs of one event of one contract. */
export function parseLogs(
  contract: ParsedContract,
  definition: EventDefinition,
  logs: readonly RawLog[],
  blockTimes: BlockTimes,
  prices: EventPrices,
): { rows: FlowEvent[]; dropped: number } {
  const read = logReader(contract, definition, blockTimes, prices);
  const rows = logs.flatMap((log) => read(log) ?? []);
  return { rows, dropped: logs.length - rows.length };
}
