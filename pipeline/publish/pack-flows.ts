/**
 * Flows as they lie in git: where a coin's reading stands is where its chain's stands; hours and events that are not final yet
 * are one line each, since they change from run to run and field names would be written anew with every one.
 */
import { byCoinAndTime } from "../flow-hours.ts";
import type { HourlyFlow, StoredFlows } from "../schema/flows.ts";
import { packTime, type Row, type TimeChange, unpackTime } from "./pack-times.ts";

type Chains = StoredFlows["chains"];
type Coin = StoredFlows["coins"][number];
type Provisional = StoredFlows["provisional"][number];

/** Where a coin stands when none of its contracts lags behind its chain. */
function standing(chainIds: readonly string[], chains: Chains): { lastSyncedBlock: number; lagBlocks: number | null } {
  const own = chains.filter(({ chainId }) => chainIds.includes(chainId));
  const lastSyncedBlock = Math.min(...own.map(({ finalizedBlock }) => finalizedBlock ?? Number.NaN));
  const lags = own.flatMap(({ headBlock, finalizedBlock }) =>
    headBlock === null || finalizedBlock === null ? [] : [Math.max(0, headBlock - finalizedBlock)],
  );
  return { lastSyncedBlock, lagBlocks: lags.length > 0 ? Math.max(...lags) : null };
}

function packCoin({ coverage, ...row }: Coin, chains: Chains): Row {
  const usual = standing(coverage.chainIds, chains);
  const { lastSyncedBlock, lagBlocks, ...rest } = coverage;
  const isUsual = lastSyncedBlock === usual.lastSyncedBlock && lagBlocks === usual.lagBlocks;
  return { ...row, coverage: isUsual ? rest : coverage };
}

function unpackCoin(packed: Row, chains: Chains): Row {
  const coverage = packed.coverage as Coin["coverage"];
  return { ...packed, coverage: { ...standing(coverage.chainIds, chains), ...coverage } };
}

/** Blocks of a chain behind its head, which alone moves for sure. */
function packChain({ headBlock, lastSyncedBlock, finalizedBlock, ...chain }: Chains[number]): Row {
  if (headBlock === null || lastSyncedBlock === null || finalizedBlock === null)
    return { ...chain, headBlock, lastSyncedBlock, finalizedBlock };
  return { ...chain, headBlock, unread: headBlock - lastSyncedBlock, unfinal: headBlock - finalizedBlock };
}

function unpackChain(packed: Row): Chains[number] {
  const { unread, unfinal, ...chain } = packed as Row & { headBlock: number };
  if (typeof unread !== "number" || typeof unfinal !== "number") return packed as Chains[number];
  const { headBlock } = chain;
  return { ...chain, lastSyncedBlock: headBlock - unread, finalizedBlock: headBlock - unfinal } as Chains[number];
}

/** Coins by their place in the file's own list: ids are long and come with every hour and event. One that is not there is named. */
interface Places {
  of(coinId: string): number | string;
  at(place: string | undefined): string;
}

function placesOf(coins: readonly Row[]): Places {
  const ids = coins.map(({ stablecoinId }) => String(stablecoinId));
  const places = new Map(ids.map((id, place) => [id, place]));
  return {
    of: (coinId) => places.get(coinId) ?? coinId,
    at: (place = "") => (/^\d+$/.test(place) ? (ids[Number(place)] ?? place) : place),
  };
}

/** Hours of one chain and start together, "<coin> <mints> <USD> <burns> <USD>" each. */
function packHours(hours: readonly HourlyFlow[], places: Places): Record<string, string[]> {
  const lines = Map.groupBy(hours, ({ chainId, hourTs }) => `${chainId} ${hourTs}`);
  return Object.fromEntries(
    [...lines].map(([when, own]) => [
      when,
      own.map((hour) =>
        [places.of(hour.coinId), hour.mintCount, hour.mintVolumeUsd, hour.burnCount, hour.burnVolumeUsd].join(" "),
      ),
    ]),
  );
}

function unpackHours(packed: Record<string, string[]>, places: Places): HourlyFlow[] {
  const hours = Object.entries(packed).flatMap(([when, lines]) => {
    const [chainId = "", hourTs] = when.split(" ");
    return lines.map((line): HourlyFlow => {
      const [place, ...figures] = line.split(" ");
      const [mintCount = 0, mintVolumeUsd = 0, burnCount = 0, burnVolumeUsd = 0] = figures.map(Number);
      const coinId = places.at(place);
      return { coinId, chainId, hourTs: Number(hourTs), mintCount, burnCount, mintVolumeUsd, burnVolumeUsd };
    });
  });
  return hours.sort(byCoinAndTime);
}

const ABSENT = "-";
/** Bytes as base64url, behind a mark, since it may begin with "-" itself. */
const shorten = (hex: string) => `#${Buffer.from(hex.slice(2), "hex").toString("base64url")}`;
const lengthen = (text: string) => `0x${Buffer.from(text.slice(1), "base64url").toString("hex")}`;
const textOf = (value: string | number | null) => (value === null ? ABSENT : String(value));
/** Times near the run as ages, marked by their sign; older ones, the starts of days, rest as they are. */
const packedTime = (time: number | null, at: number) =>
  time === null ? ABSENT : time <= at && at - time <= 3600 ? `+${at - time}` : String(time);
const timeIn = (text: string, at: number) =>
  text === ABSENT ? null : text.startsWith("+") ? at - Number(text) : Number(text);
const numberIn = (text: string) => (text === ABSENT ? null : Number(text));
const wordIn = <Word extends string>(text: string) => (text === ABSENT ? null : (text as Word));

function packEvent(event: Provisional, places: Places, at: number): string {
  return [
    ...[places.of(event.coinId), event.chainId, event.direction, event.flowType],
    ...[event.burnType, event.burnReviewReason, event.priceSource].map(textOf),
    ...[textOf(event.priceUsed), packedTime(event.priceTimestamp, at), event.decimals, at - event.timestamp],
    ...[event.blockNumber, event.logIndex, event.amountUnits],
    ...[shorten(event.txHash), event.counterparty === null ? ABSENT : shorten(event.counterparty)],
  ].join(" ");
}

function unpackEvent(line: string, places: Places, at: number): Provisional {
  const field = line.split(" ");
  const text = (i: number) => field[i] ?? ABSENT;
  return {
    coinId: places.at(text(0)),
    chainId: text(1),
    direction: text(2) as Provisional["direction"],
    flowType: text(3) as Provisional["flowType"],
    burnType: wordIn(text(4)),
    burnReviewReason: wordIn(text(5)),
    priceSource: wordIn(text(6)),
    priceUsed: numberIn(text(7)),
    priceTimestamp: timeIn(text(8), at),
    decimals: Number(text(9)),
    timestamp: at - Number(text(10)),
    blockNumber: Number(text(11)),
    logIndex: Number(text(12)),
    amountUnits: text(13),
    txHash: lengthen(text(14)),
    counterparty: text(15) === ABSENT ? null : lengthen(text(15)),
  };
}

function syncTimes(data: Row, at: number, change: TimeChange): Row {
  return { ...data, sync: change(data.sync as Row, "lastSuccessfulSyncAt", at) };
}

export const packFlows = (data: StoredFlows, at: number): Row => {
  const places = placesOf(data.coins);
  const packed = {
    ...data,
    coins: data.coins.map((coin) => packCoin(coin, data.chains)),
    chains: data.chains.map(packChain),
    openHours: packHours(data.openHours, places),
    provisional: data.provisional.map((event) => packEvent(event, places, at)),
  };
  return syncTimes(packed, at, packTime);
};

type Packed = Row & { coins: Row[]; chains: Row[]; openHours: Record<string, string[]>; provisional: string[] };

export const unpackFlows = (packed: Packed, at: number): Row => {
  const places = placesOf(packed.coins);
  const chains = packed.chains.map(unpackChain);
  const data = {
    ...packed,
    chains,
    coins: packed.coins.map((coin) => unpackCoin(coin, chains)),
    openHours: unpackHours(packed.openHours, places),
    provisional: packed.provisional.map((line) => unpackEvent(line, places, at)),
  };
  return syncTimes(data, at, unpackTime);
};
