/**
 * Mints and burns of the simulated chains: whenever a coin's supply takes a step, its contract shows why.
 *
 * Issuers mint and burn the difference, bridges carry some of it, arbitrageurs mint and burn at once; events of a token always
 * add up to the change of its total supply. Everything follows from the world, so any range can be asked in any order.
 */
import { numberToHex } from "viem";
import { blockFrom, blockHash, blockTime } from "./chains.ts";
import type { SimCoin, SimFlowContract } from "./coin.ts";
import { totalSupplyUnits } from "./evm-contracts.ts";
import { hexOf, keyOf, subKey, unit } from "./noise.ts";
import type { World } from "./world.ts";

const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const ISSUE = "0xcb8241adb0c3fdb35b70c24ce35c5eb0c17af7431c99f827d44a445ca624176a";
const REDEEM = "0x702d5967f45f6513a38ffc42d6ba9bf230bd40e8f53b16363c7eb4fd2deb9a44";
const ZERO = `0x${"0".repeat(64)}`;
/** What a bridge's transaction shows beside the token's own log: who emits, which topic, who is called. */
const BRIDGE_SIGNS: Record<string, { emitter: string; topic: string; to: string; selector: string }> = {
  cctp: {
    emitter: "0x28b5a0e9c621a5badaa536219b3a228c8168cf5d",
    topic: "0x2fa9ca894982930190727e75500a97d8dc500233a5065e0f3126c48fbe0343c0",
    to: "0x28b5a0e9c621a5badaa536219b3a228c8168cf5d",
    selector: "0x6fd3504e",
  },
  ccip: {
    emitter: "0x80226fc0ee2b096224eeac085bb9a8cba1146f7d",
    topic: "0xd0c3c799bf9e2639de44391e7f524d229b2b55f5b1ea94b2bf7da42f7243dddd",
    to: "0x80226fc0ee2b096224eeac085bb9a8cba1146f7d",
    selector: "0x96f4e9f9",
  },
  "layerzero-oft": {
    emitter: "0x1a44076050125825900e736c501f859c50fe728c",
    topic: "0x1ab700d4ced0c005b164c0f789fd09fcbb0156d4c2041b8a3bfbcd961cd1567f",
    to: "0xffa10065ce1d1c42fabc46e06b84ed8ffeb4bae5",
    selector: "0xc7c7f5b3",
  },
};

const ARBITRAGE_SHARE = 0.12;
const BRIDGE_SHARE = 0.4;
const CHURN_SHARE = 0.25;
const HOLDERS = 12;
const WORD_HEX = 64;

export interface SimLog {
  address: string;
  topics: string[];
  data: string;
  block: number;
  txHash: string;
  txIndex: number;
  logIndex: number;
}

export interface SimTransaction {
  hash: string;
  block: number;
  txIndex: number;
  to: string;
  input: string;
  logs: SimLog[];
}

interface Book {
  coin: SimCoin;
  contract: SimFlowContract;
  /** Transactions by the time of the step that they show. */
  steps: Map<number, SimTransaction[]>;
}

interface Ledger {
  /** Contracts of a chain, in the order of their coins. */
  books: Map<string, Book[]>;
  byHash: Map<string, SimTransaction>;
}

const ledgers = new WeakMap<World, Ledger>();

function ledgerOf(world: World): Ledger {
  let ledger = ledgers.get(world);
  if (ledger === undefined) {
    const all = world.coins.flatMap((coin) =>
      (coin.mintBurnContracts ?? []).map((contract): Book => ({ coin, contract, steps: new Map() })),
    );
    ledger = { books: Map.groupBy(all, ({ contract }) => contract.chain), byHash: new Map() };
    ledgers.set(world, ledger);
  }
  return ledger;
}

function word(value: bigint | string): string {
  const hex = typeof value === "bigint" ? value.toString(16) : value.slice(2);
  return hex.padStart(WORD_HEX, "0");
}

type Move = { direction: "mint" | "burn"; units: bigint };
interface Plan {
  moves: Move[];
  bridge: boolean;
}

/** What happens at a step whose net is `difference`: one move or more, each list one transaction. */
function plansOf(key: number, difference: bigint, contract: SimFlowContract): Plan[] {
  const direction = difference > 0n ? "mint" : "burn";
  const net = difference > 0n ? difference : -difference;
  const plans: Plan[] = [];
  const bridged = contract.bridge !== null && unit(subKey(key, 1)) < BRIDGE_SHARE ? net / 3n : 0n;
  if (bridged > 0n) plans.push({ moves: [{ direction, units: bridged }], bridge: true });
  const rest = net - bridged;
  const churn = unit(subKey(key, 2)) < CHURN_SHARE ? rest / 4n : 0n;
  plans.push({ moves: [{ direction, units: rest + churn }], bridge: false });
  if (churn > 0n)
    plans.push({ moves: [{ direction: direction === "mint" ? "burn" : "mint", units: churn }], bridge: false });
  if (unit(subKey(key, 3)) < ARBITRAGE_SHARE && net > 1000n) {
    const there = net / 2n;
    const back = there - there / 1000n;
    // What an arbitrageur keeps of a roundtrip is burned by the issuer, so that the sums stay right.
    plans.push({
      moves: [
        { direction: "mint", units: there },
        { direction: "burn", units: back },
        { direction: "burn", units: there - back },
      ],
      bridge: false,
    });
  }
  return plans;
}

function logTopics(contract: SimFlowContract, direction: Move["direction"], holder: string): string[] {
  if (contract.events.includes("usdt-issue")) return [direction === "mint" ? ISSUE : REDEEM];
  const party = `0x${word(holder)}`;
  return direction === "mint" ? [TRANSFER, ZERO, party] : [TRANSFER, party, ZERO];
}

function transactionsOf(world: World, coin: SimCoin, contract: SimFlowContract, at: number): SimTransaction[] {
  const { chain, address } = contract;
  if (address === null) return [];
  const now = totalSupplyUnits(world, chain, address, at);
  const before = totalSupplyUnits(world, chain, address, at - 1);
  if (now === null || before === null || now === before) return [];
  const name = `${world.seed}/flow/${chain}/${address}/${at}`;
  const key = keyOf(name);
  const block = blockFrom(chain, at);
  const firstIndex = key % 400;
  return plansOf(key, now - before, contract).map(({ moves, bridge }, i): SimTransaction => {
    const hash = `0x${hexOf(`${name}/${i}`, WORD_HEX)}`;
    const signs = bridge && contract.bridge ? BRIDGE_SIGNS[contract.bridge.protocol] : undefined;
    const pool = contract.bridge?.addresses[0];
    const holder = signs && pool ? pool : `0x${hexOf(`${coin.id}/holder/${subKey(key, 10 + i) % HOLDERS}`, 40)}`;
    const place = (logIndex: number) => ({ block, txHash: hash, txIndex: firstIndex + i, logIndex });
    const logIndex = firstIndex * 3 + i * 4;
    const logs: SimLog[] = moves.map(({ direction, units }, at) => ({
      address,
      topics: logTopics(contract, direction, holder),
      data: `0x${word(units)}`,
      ...place(logIndex + at),
    }));
    if (signs)
      logs.push({ address: signs.emitter, topics: [signs.topic], data: "0x", ...place(logIndex + moves.length) });
    return {
      hash,
      block,
      txIndex: firstIndex + i,
      to: signs?.to ?? address,
      input: signs?.selector ?? "0x40c10f19",
      logs,
    };
  });
}

function stepsBetween(world: World, coinId: string, fromSec: number, toSec: number): number[] {
  const steps: number[] = [];
  for (let at = world.supplyChangedAt(coinId, toSec); at > fromSec; at = world.supplyChangedAt(coinId, at - 1))
    steps.push(at);
  return steps;
}

/** Logs of the tokens asked for, in order of block and index. Null: of all. */
export function logsBetween(
  world: World,
  chain: string,
  fromBlock: number,
  toBlock: number,
  addresses: ReadonlySet<string> | null,
): SimLog[] {
  const ledger = ledgerOf(world);
  const logs: SimLog[] = [];
  const fromSec = fromBlock === 0 ? 0 : blockTime(chain, fromBlock - 1);
  const toSec = blockTime(chain, toBlock);
  for (const { coin, contract, steps } of ledger.books.get(chain) ?? []) {
    if (contract.address === null || (addresses !== null && !addresses.has(contract.address))) continue;
    for (const at of stepsBetween(world, coin.id, fromSec, toSec)) {
      let transactions = steps.get(at);
      if (transactions === undefined) {
        transactions = transactionsOf(world, coin, contract, at);
        steps.set(at, transactions);
        for (const transaction of transactions) ledger.byHash.set(`${chain}/${transaction.hash}`, transaction);
      }
      for (const { block, logs: own } of transactions)
        if (block >= fromBlock && block <= toBlock)
          logs.push(...own.filter(({ address }) => address === contract.address));
    }
  }
  return logs.sort((a, b) => a.block - b.block || a.logIndex - b.logIndex || (a.txHash < b.txHash ? -1 : 1));
}

/** A transaction whose logs were shown before, or null. */
export function transactionOf(world: World, chain: string, hash: unknown): SimTransaction | null {
  return ledgerOf(world).byHash.get(`${chain}/${String(hash)}`) ?? null;
}

export function logBody(chain: string, log: SimLog): object {
  return {
    address: log.address,
    topics: log.topics,
    data: log.data,
    blockNumber: numberToHex(log.block),
    blockHash: blockHash(chain, log.block),
    blockTimestamp: numberToHex(blockTime(chain, log.block)),
    transactionHash: log.txHash,
    transactionIndex: numberToHex(log.txIndex),
    logIndex: numberToHex(log.logIndex),
    removed: false,
  };
}

export function transactionBody(chain: string, transaction: SimTransaction | null): object | null {
  if (transaction === null) return null;
  const { hash, block, txIndex, to, input } = transaction;
  return {
    hash,
    to,
    input,
    blockNumber: numberToHex(block),
    blockHash: blockHash(chain, block),
    transactionIndex: numberToHex(txIndex),
    value: "0x0",
  };
}

export function receiptBody(chain: string, transaction: SimTransaction | null): object | null {
  if (transaction === null) return null;
  const { hash, block, txIndex, to, logs } = transaction;
  return {
    transactionHash: hash,
    to,
    status: "0x1",
    blockNumber: numberToHex(block),
    blockHash: blockHash(chain, block),
    transactionIndex: numberToHex(txIndex),
    logs: logs.map((log) => logBody(chain, log)),
  };
}
