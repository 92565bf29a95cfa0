/** From a log to whose tokens were stopped: address and amount where they stand, or a complaint; never a guess. */
import type { EvmLog } from "../sources/evm-log.ts";
import { FAMILIES, type FreezeFamily, type FreezeSignature, topicOf } from "./signatures.ts";

export interface DecodedFreeze {
  signature: FreezeSignature;
  address: string;
  /** Base units; null where the event states none. */
  amount: bigint | null;
  /** Place in the list of one log; 0 where it names one address. */
  item: number;
}

const WORD = 64;
const MAX_ITEMS = 1_000;

function words(data: string): string[] {
  const hex = data.slice(2);
  return Array.from({ length: Math.floor(hex.length / WORD) }, (_, i) => hex.slice(i * WORD, (i + 1) * WORD));
}

/** The word at a place: indexed parameters first, then data. */
function wordAt(log: EvmLog, place: number): string | undefined {
  const indexed = log.topics.length - 1;
  return place < indexed ? log.topics[place + 1]?.slice(2) : words(log.data)[place - indexed];
}

function addressIn(word: string | undefined): string | null {
  return word && /^0{24}[0-9a-f]{40}$/.test(word) ? `0x${word.slice(24)}` : null;
}

function addressesIn(log: EvmLog): string[] | null {
  const data = words(log.data);
  const start = Number(BigInt(`0x${data[0] ?? "0"}`)) / 32;
  const count = Number(BigInt(`0x${data[start] ?? "0"}`));
  if (!Number.isInteger(start) || start < 1 || count > MAX_ITEMS || data.length < start + 1 + count) return null;
  const found = data.slice(start + 1, start + 1 + count).map(addressIn);
  return found.every((address) => address !== null) ? found : null;
}

const BY_TOPIC = new Map(
  Object.entries(FAMILIES).map(([family, signatures]) => [
    family,
    new Map(signatures.map((signature: FreezeSignature) => [topicOf(signature.signature), signature])),
  ]),
);

export function topicsOf(families: Iterable<FreezeFamily>): string[] {
  return [...new Set([...families].flatMap((family) => [...(BY_TOPIC.get(family)?.keys() ?? [])]))].sort();
}

/** Empty for a log that is no freeze of this family; null for one that is and cannot be read. */
export function decodeFreeze(log: EvmLog, family: FreezeFamily): DecodedFreeze[] | null {
  const signature = BY_TOPIC.get(family)?.get(log.topics[0] ?? "");
  if (!signature) return [];
  const found = signature.address === "array" ? addressesIn(log) : [addressIn(wordAt(log, signature.address))];
  if (found === null) return null;
  const amountWord = signature.amount === null ? undefined : wordAt(log, signature.amount);
  if (signature.amount !== null && amountWord === undefined) return null;
  const amount = amountWord === undefined ? null : BigInt(`0x${amountWord}`);
  const decoded: DecodedFreeze[] = [];
  for (const [item, address] of found.entries()) {
    if (address === null) return null;
    decoded.push({ signature, address, amount, item });
  }
  return decoded;
}

/** Base units as exact tokens: "1000001" with 6 decimals is "1.000001". */
export function tokensText(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const rest = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return rest === "" ? whole : `${whole}.${rest}`;
}
