/**
 * Which events are mints and burns: the definitions a contract's kinds of event stand for, and what can be read off a set of them.
 *
 * Topics are keccak-256 of the signatures; `event-definitions.test.ts` recomputes them.
 */
import type { MintBurnEventKind } from "../schema/coin.ts";
import type { FlowDirection } from "../schema/flows.ts";

export const ZERO_WORD = `0x${"0".repeat(64)}`;

export type AmountEncoding = "transfer-value" | "first-data-uint256" | "nth-data-uint256";
export type CounterpartyEncoding = { source: "topic"; index: number } | { source: "data"; slot: number };

export interface EventDefinition {
  signature: string;
  topicHash: string;
  direction: FlowDirection;
  amountEncoding: AmountEncoding;
  /** Only logs with this topic at this place. */
  filterTopic?: { index: number; value: string } | undefined;
  /** Data word of the amount, for `nth-data-uint256`. */
  dataSlot?: number | undefined;
  /** Where the other party stands, when not at the place Transfer has it. */
  counterpartyEncoding?: CounterpartyEncoding | undefined;
}

const TRANSFER = {
  signature: "Transfer(address,address,uint256)",
  topicHash: "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
  amountEncoding: "transfer-value",
} as const;

const DEFINITIONS: Readonly<Record<MintBurnEventKind, readonly EventDefinition[]>> = {
  transfer: [
    { ...TRANSFER, direction: "mint", filterTopic: { index: 1, value: ZERO_WORD } },
    { ...TRANSFER, direction: "burn", filterTopic: { index: 2, value: ZERO_WORD } },
  ],
  "usdt-issue": [
    {
      signature: "Issue(uint256)",
      topicHash: "0xcb8241adb0c3fdb35b70c24ce35c5eb0c17af7431c99f827d44a445ca624176a",
      direction: "mint",
      amountEncoding: "first-data-uint256",
    },
  ],
  "usdt-redeem": [
    {
      signature: "Redeem(uint256)",
      topicHash: "0x702d5967f45f6513a38ffc42d6ba9bf230bd40e8f53b16363c7eb4fd2deb9a44",
      direction: "burn",
      amountEncoding: "first-data-uint256",
    },
  ],
  // Counts collateral units whose decimals may differ from the 18 configured: a known accuracy risk of the method.
  "reusd-deposited": [
    {
      signature: "Deposited(address,address,uint256)",
      topicHash: "0x8752a472e571a816aea92eec8dae9baf628e840f4929fbcc2d155e6233ff68a7",
      direction: "mint",
      amountEncoding: "nth-data-uint256",
      dataSlot: 2,
      counterpartyEncoding: { source: "data", slot: 0 },
    },
  ],
  "reusd-instant-redemption-routed": [
    {
      signature: "InstantRedemptionRouted(address,uint256,uint256)",
      topicHash: "0xa58dba63852b106a5b3bbc558fa3fbcfe606497cbc0af66837a83c3560ec6220",
      direction: "burn",
      amountEncoding: "first-data-uint256",
    },
  ],
};

export function definitionsOf(kinds: readonly MintBurnEventKind[]): EventDefinition[] {
  return kinds.flatMap((kind) => DEFINITIONS[kind]);
}

/** Whether a log is this event: its topic, and the filter where there is one. Topics in lower case. */
export function matches(definition: EventDefinition, topics: readonly string[]): boolean {
  if (topics[0] !== definition.topicHash) return false;
  const { filterTopic } = definition;
  return filterTopic === undefined || topics[filterTopic.index] === filterTopic.value;
}

const isTransfer = ({ topicHash, signature }: EventDefinition): boolean =>
  topicHash.toLowerCase() === TRANSFER.topicHash || signature === TRANSFER.signature;

function isZeroAddressTransfer(definition: EventDefinition): boolean {
  const { amountEncoding, direction, filterTopic } = definition;
  return (
    isTransfer(definition) &&
    amountEncoding === "transfer-value" &&
    filterTopic?.index === (direction === "mint" ? 1 : 2) &&
    filterTopic.value.toLowerCase() === ZERO_WORD
  );
}

export type AdapterKind = "transfer-zero-address" | "custom-events" | "mixed";

export function adapterKind(definitions: readonly EventDefinition[]): AdapterKind {
  if (definitions.length === 2 && definitions.every(isZeroAddressTransfer)) return "transfer-zero-address";
  return definitions.some(isTransfer) ? "mixed" : "custom-events";
}

export type Confidence = "high" | "medium" | "low";

/** How well the first block is known: a blanket floor says little, whoever states more is believed. */
export function startBlockProvenance(given: {
  isDefault: boolean;
  source?: string | null;
  confidence?: Confidence | null;
}): { source: string; confidence: Confidence } {
  return {
    source: given.source ?? (given.isDefault ? "default-coverage-floor-2026-03-24" : "reviewed-contract-specific"),
    confidence: given.confidence ?? (given.isDefault ? "low" : "high"),
  };
}

/** Topics of a filter by position, null where any will do. */
export function topicArray(placed: readonly { index: number; value: string }[]): (string | null)[] {
  const length = Math.max(0, ...placed.map(({ index }) => index + 1));
  const topics: (string | null)[] = Array.from({ length }, () => null);
  for (const { index, value } of placed) topics[index] = value;
  return topics;
}
