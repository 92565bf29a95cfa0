/**
 * Freezes of the simulated world: now and then an issuer stops an address, and some weeks later lets a few go again.
 *
 * A third of a day is a slot; whether one is used follows from the seed, so that any range of blocks can be asked in any order.
 */
import { blockAt, blockHash, blockTime } from "./chains.ts";
import { keyOf, subKey, unit } from "./noise.ts";
import type { World } from "./world.ts";

const SLOT_SEC = 8 * 3_600;
const USED_SHARE = 0.25;
const RELEASED_SHARE = 0.15;

interface Issuer {
  chain: string;
  address: string;
  symbol: string;
  freeze: string;
  release: string;
  /** Whether the address is a topic, or stands in the data. */
  indexed: boolean;
}

const ISSUERS: readonly Issuer[] = [
  {
    chain: "eip155:1",
    address: "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48",
    symbol: "USDC",
    freeze: "0xffa4e6181777692565cf28528fc88fd1516ea86b56da075235fa575af6a4b855",
    release: "0x117e3210bb9aa7d9baff172026820255c6f6c30ba8999d1c2fd88e2848137c4e",
    indexed: true,
  },
  {
    chain: "eip155:1",
    address: "0xdac17f958d2ee523a2206206994597c13d831ec7",
    symbol: "USDT",
    freeze: "0x42e160154868087d6bfdc0ca23d96a1c1cfa32f1b72ba9ba27b69b98a0d819dc",
    release: "0xd7e9ec6e6ecd65492dce6bf513cd6867560d49544421d0783ddf06e76c24470c",
    indexed: false,
  },
  {
    chain: "tron:0x2b6653dc",
    address: "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
    symbol: "USDT",
    freeze: "AddedBlackList",
    release: "RemovedBlackList",
    indexed: false,
  },
];

export interface SimFreeze {
  issuer: Issuer;
  atSec: number;
  topic: string;
  /** 20 bytes of hex without 0x. */
  holder: string;
  hash: string;
  index: number;
}

function hexOf(key: number, digits: number): string {
  let hex = "";
  for (let i = 0; hex.length < digits; i++) hex += subKey(key, i).toString(16).padStart(8, "0");
  return hex.slice(0, digits);
}

/** In order of time, from `fromSec` up to and with `toSec`. */
export function freezesBetween(world: World, chain: string, fromSec: number, toSec: number): SimFreeze[] {
  const found: SimFreeze[] = [];
  for (const issuer of ISSUERS) {
    if (issuer.chain !== chain || !world.coins.some(({ symbol }) => symbol === issuer.symbol)) continue;
    for (let slot = Math.floor(fromSec / SLOT_SEC); slot <= Math.floor(toSec / SLOT_SEC); slot++) {
      const key = keyOf(`${world.seed}/freeze/${chain}/${issuer.address}/${slot}`);
      if (unit(key, 1) >= USED_SHARE) continue;
      const atSec = slot * SLOT_SEC + Math.floor(unit(key, 2) * SLOT_SEC);
      if (atSec < fromSec || atSec > toSec) continue;
      const isRelease = unit(key, 3) < RELEASED_SHARE;
      found.push({
        issuer,
        atSec,
        topic: isRelease ? issuer.release : issuer.freeze,
        holder: hexOf(subKey(key, 4), 40),
        hash: hexOf(subKey(key, 5), 64),
        index: key % 200,
      });
    }
  }
  return found.sort((a, b) => a.atSec - b.atSec || (a.hash < b.hash ? -1 : 1));
}

interface LogFilter {
  address?: string | string[] | undefined;
  topics?: (string | string[] | null)[] | undefined;
}

/** Logs of freezes within a range of blocks, as nodes send them; `filter` as in eth_getLogs. */
export function freezeLogs(world: World, chain: string, filter: LogFilter, from: number, to: number): object[] {
  const addresses = filter.address === undefined ? null : [filter.address].flat().map((one) => one.toLowerCase());
  const first = filter.topics?.[0] ?? null;
  const topics = first === null ? null : [first].flat().map((one) => one.toLowerCase());
  return freezesBetween(world, chain, blockTime(chain, from), blockTime(chain, to + 1) - 1).flatMap((freeze) => {
    const { issuer, topic, holder, hash, index, atSec } = freeze;
    if (addresses !== null && !addresses.includes(issuer.address)) return [];
    if (topics !== null && !topics.includes(topic)) return [];
    const word = `0x${"0".repeat(24)}${holder}`;
    const block = blockAt(chain, atSec);
    return [
      {
        address: issuer.address,
        topics: issuer.indexed ? [topic, word] : [topic],
        data: issuer.indexed ? "0x" : word,
        blockNumber: `0x${block.toString(16)}`,
        blockHash: blockHash(chain, block),
        transactionHash: `0x${hash}`,
        transactionIndex: "0x1",
        logIndex: `0x${index.toString(16)}`,
        removed: false,
      },
    ];
  });
}
