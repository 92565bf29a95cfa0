/**
 * A simulated chain that misbehaves: reorganisations, forked and lagging nodes, refusals in each big provider's own words, rate
 * limits, silence, repeated and shuffled answers, and actors whose every mint and burn is known.
 *
 * It lives in memory and answers the sources of a chain scan directly, so that a thousand worlds take minutes. Everything follows
 * from the seed.
 */
import type { LaneContext } from "../lane.ts";
import type { ChainHead, RangeLogs, ScanBlock, TransactionFacts } from "../sources/evm-chain.ts";
import { asksForLess, rangeHint } from "../sources/range-hint.ts";
import { isSplittable } from "../sources/rpc-error.ts";
import { readScanLogs } from "../sources/scan-log.ts";
import { keyOf, subKey, unit } from "./noise.ts";

const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const DEPOSIT_FOR_BURN = "0x2fa9ca894982930190727e75500a97d8dc500233a5065e0f3126c48fbe0343c0";
const MESSENGER = "0x28b5a0e9c621a5badaa536219b3a228c8168cf5d";
const ZERO = `0x${"0".repeat(64)}`;
export const FINAL_AFTER_BLOCKS = 64;
const BLOCK_SEC = 12;
/** A node behind a balancer may answer from so many blocks ago; what is final it has. */
const LONGEST_LAG_BLOCKS = 50;

const hex = (block: number) => `0x${block.toString(16)}`;
const upperHex = (block: number) => `0x${block.toString(16).toUpperCase()}`;

/** How providers refuse a range wider than `limit`; texts and codes as `sources/range-hint.test.ts` has them. */
export const PROVIDER_REFUSALS: Readonly<
  Record<string, (from: number, limit: number, asked: number) => { message: string; code: number }>
> = {
  alchemy: (from, limit) => ({
    code: -32602,
    message: `Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the response size, or you can request any block range with a cap of 10K logs in the response. Based on your parameters and the response size limit, this block range should work: [${hex(from)}, ${hex(from + limit - 1)}]`,
  }),
  "alchemy, free": (from, limit) => ({
    code: -32600,
    message: `Under the Free tier plan, you can make eth_getLogs requests with up to a ${limit} block range. Based on your parameters, this block range should work: [${hex(from)}, ${hex(from + limit - 1)}]. Upgrade to PAYG for expanded block range.`,
  }),
  infura: (from, limit) => ({
    code: -32005,
    message: `query returned more than 10000 results. Try with this block range [${upperHex(from)}, ${upperHex(from + limit - 1)}].`,
  }),
  "infura, by range": (_, limit, asked) => ({ code: -32602, message: `range ${asked} exceeds limit of ${limit}` }),
  quicknode: (_, limit) => ({
    code: -32614,
    message: `eth_getLogs is limited to a ${limit.toLocaleString("en")} range`,
  }),
  "quicknode, free": (_, limit) => ({
    code: -32615,
    message: `eth_getLogs is limited to a ${limit} range, upgrade from discover plan at quicknode.com to increase the limit`,
  }),
  ankr: () => ({ code: -32000, message: "block range is too wide" }),
  publicnode: (_, limit) => ({ code: -32701, message: `exceed maximum block range: ${limit}` }),
  drpc: (_, limit) => ({ code: 35, message: `ranges over ${limit} blocks are not supported on freetier` }),
  chainstack: () => ({
    code: -32000,
    message: "Block range limit exceeded. See more details at https://docs.example.org/limits",
  }),
  "1rpc": (_, limit) => ({ code: -32602, message: `eth_getLogs is limited to 0 - ${limit} blocks range` }),
  reth: (from, limit) => ({
    code: -32602,
    message: `query exceeds max results 20000, retry with the range ${from}-${from + limit - 1}`,
  }),
  morph: (_, limit, asked) => ({
    code: -32000,
    message: `block range is larger than max block range, block range = ${asked}, max block range = ${limit}`,
  }),
  "a node without a hint": () => ({ code: -32012, message: "requested range too large" }),
};

export interface UnrulyToken {
  coinId: string;
  address: string;
  decimals: number;
  isBridged: boolean;
}

/** What truly happened, as it stands on the chain now. */
export interface TrueMove {
  id: string;
  coinId: string;
  direction: "mint" | "burn";
  units: bigint;
  block: number;
  timestamp: number;
  isCounted: boolean;
}

interface Log {
  address: string;
  topics: string[];
  data: string;
}
interface Tx {
  hash: string;
  to: string;
  selector: string;
  logs: Log[];
  moves: Omit<TrueMove, "id" | "block" | "timestamp">[];
}
interface Block extends ScanBlock {
  txs: Tx[];
}

export interface UnrulyOptions {
  seed: number;
  tokens: readonly UnrulyToken[];
  startSec: number;
  /** Slug, first part of ids. */
  slug: string;
  nodes: number;
  /** Faults a question, 0..1; 0 when left out. */
  faultShare?: number;
  /** Whose words all nodes use, and the most blocks they take; by chance when left out. */
  provider?: string;
  widest?: number;
}

export interface UnrulyChain {
  head(): number;
  now(): number;
  mine(blocks: number): void;
  /** Replaces the last blocks by as many others. */
  reorg(depth: number): void;
  /** From now on everybody answers, at once and alike. */
  calm(): void;
  /** From now on these nodes, by place, answer with no log at all. */
  hush(...nodes: number[]): void;
  truth(): TrueMove[];
  answers: Pick<LaneContext, "collect" | "nodes">;
  /** Questions so far, or those of one source. */
  asked(source?: string): number;
}

const word = (value: bigint | string) =>
  (typeof value === "bigint" ? value.toString(16) : value.slice(2)).padStart(64, "0");

export function unrulyChain(options: UnrulyOptions): UnrulyChain {
  const { seed, tokens, startSec, slug } = options;
  const key = keyOf(`unruly/${seed}`);
  let draws = 0;
  const draw = () => unit(key, draws++);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(draw() * items.length)] as Item;
  const hashOf = (text: string) => {
    let hex = "";
    for (let i = 0; i < 8; i++) hex += keyOf(`${seed}/${text}/${i}`).toString(16).padStart(8, "0");
    return `0x${hex}`;
  };
  let isCalm = false;
  let fork = 0;
  let hushed: readonly number[] = [];
  const questions = new Map<string, number>();
  const chain: Block[] = [{ number: 0, hash: hashOf("block/0"), timestamp: startSec, txs: [] }];
  /** What a forked node still shows: the chain before the last reorganisation. */
  let abandoned: Block[] | null = null;
  let forkedAt = 0;
  const supplies = new Map(tokens.map(({ address, decimals }) => [address, 10n ** BigInt(decimals + 12)]));
  const nodeIds = Array.from({ length: options.nodes }, (_, i) => `rpc:sim:${i}`);
  const provider = nodeIds.map(() => options.provider ?? pick(Object.keys(PROVIDER_REFUSALS)));
  const widest = nodeIds.map(() => options.widest ?? 40 + Math.floor(draw() * 400));

  function transaction(block: number, index: number): Tx {
    const token = pick(tokens);
    const holder = `0x${word(`0x${(1 + Math.floor(draw() * 9)).toString(16)}`).slice(24)}`;
    const hash = hashOf(`tx/${fork}/${block}/${index}`);
    // A run on the bank: for a while nobody mints.
    const isRun = unit(subKey(key, 99), Math.floor(block / 300)) < 0.2;
    const kind = draw();
    const units = BigInt(1 + Math.floor(draw() * 1e6)) * 10n ** BigInt(token.decimals);
    const log = (direction: "mint" | "burn", amount: bigint): Log => ({
      address: token.address,
      topics: direction === "mint" ? [TRANSFER, ZERO, `0x${word(holder)}`] : [TRANSFER, `0x${word(holder)}`, ZERO],
      data: `0x${word(amount)}`,
    });
    const move = (direction: "mint" | "burn", amount: bigint, isCounted: boolean) => ({
      coinId: token.coinId,
      direction,
      units: amount,
      isCounted,
    });
    const plain = { hash, to: token.address, selector: "0x40c10f19" };
    if (kind < 0.12) {
      const back = units - units / 1000n;
      return {
        ...plain,
        logs: [log("mint", units), log("burn", back)],
        moves: [move("mint", units, false), move("burn", back, false)],
      };
    }
    const direction = isRun || draw() < 0.5 ? "burn" : "mint";
    if (kind < 0.3 && token.isBridged) {
      const signal = { address: MESSENGER, topics: [DEPOSIT_FOR_BURN], data: "0x" };
      return {
        hash,
        to: MESSENGER,
        selector: "0x6fd3504e",
        logs: [log(direction, units), signal],
        moves: [move(direction, units, false)],
      };
    }
    if (kind < 0.4) {
      const transfer = { ...log("mint", units), topics: [TRANSFER, `0x${word(holder)}`, `0x${word(token.address)}`] };
      return { ...plain, logs: [transfer], moves: [] };
    }
    return { ...plain, logs: [log(direction, units)], moves: [move(direction, units, true)] };
  }

  function mine(blocks: number): void {
    for (let i = 0; i < blocks; i++) {
      const number = chain.length;
      const count = draw() < 0.3 ? Math.floor(draw() * 4) : 0;
      const txs = Array.from({ length: count }, (_, index) => transaction(number, index));
      chain.push({ number, hash: hashOf(`block/${fork}/${number}`), timestamp: startSec + number * BLOCK_SEC, txs });
    }
  }

  const logIndexes = (block: Block) => {
    let index = 0;
    return block.txs.flatMap((tx) => tx.logs.map((log) => ({ tx, log, index: index++ })));
  };

  function truth(): TrueMove[] {
    return chain.flatMap((block) => {
      const seen = new Map<Tx, number>();
      return logIndexes(block).flatMap(({ tx, log, index }) => {
        if (!tokens.some(({ address }) => address === log.address) || !log.topics.includes(ZERO)) return [];
        const nth = seen.get(tx) ?? 0;
        seen.set(tx, nth + 1);
        const moved = tx.moves[nth];
        if (moved === undefined) return [];
        return [{ ...moved, id: `${slug}-${tx.hash}-${index}`, block: block.number, timestamp: block.timestamp }];
      });
    });
  }

  type Fault = "silent" | "limited" | "lagging" | "forked" | "doubled" | "shuffled" | "foreign" | null;
  function faultNow(): Fault {
    if (isCalm || draw() >= (options.faultShare ?? 0)) return null;
    return pick(["silent", "limited", "lagging", "forked", "doubled", "shuffled", "foreign"] as const);
  }

  /** The chain as a node shows it. */
  function shown(fault: Fault): Block[] {
    if (fault === "lagging")
      return chain.slice(0, Math.max(1, chain.length - 1 - Math.floor(draw() * LONGEST_LAG_BLOCKS)));
    // A node may sit on an abandoned branch, but not on one that parted below what is final.
    const isNear = chain.length - forkedAt < FINAL_AFTER_BLOCKS;
    return fault === "forked" && abandoned && isNear ? abandoned : chain;
  }

  const plainBlock = ({ number, hash, timestamp }: Block): ScanBlock => ({ number, hash, timestamp });

  function answerLogs(
    node: number,
    view: readonly Block[],
    fault: Fault,
    request: {
      addresses: readonly string[];
      topics: readonly (readonly string[] | null)[];
      fromBlock: number;
      toBlock: number;
    },
  ): RangeLogs {
    const { addresses, topics, fromBlock, toBlock } = request;
    const limit = widest[node] as number;
    const asked = toBlock - fromBlock + 1;
    if (!isCalm && asked > limit) {
      const { message, code } = (PROVIDER_REFUSALS[provider[node] as string] as (typeof PROVIDER_REFUSALS)[string])(
        fromBlock,
        limit,
        asked,
      );
      const splittable = isSplittable({ rpcCode: code, message }) || asksForLess(message);
      return { refused: { message, splittable, hint: rangeHint(message, fromBlock, toBlock) } };
    }
    if (fault === "limited")
      return { refused: { message: "429 Too Many Requests", splittable: true, hint: { toBlock: null, blocks: null } } };
    const rows = (hushed.includes(node) ? [] : view.slice(fromBlock, toBlock + 1))
      .flatMap((block) =>
        logIndexes(block).map(({ tx, log, index }) => ({
          address: log.address,
          topics: log.topics,
          data: log.data,
          blockNumber: hex(block.number),
          blockHash: block.hash,
          // Some nodes give the time with the log, some do not.
          ...(node % 2 === 0 ? { blockTimestamp: `0x${block.timestamp.toString(16)}` } : {}),
          transactionHash: tx.hash,
          logIndex: `0x${index.toString(16)}`,
        })),
      )
      .filter((row) => addresses.includes(row.address))
      .filter((row) => topics.every((any, i) => any === null || any.includes(row.topics[i] ?? "")));
    if (fault === "doubled") rows.push(...rows);
    if (fault === "shuffled") rows.reverse();
    const [first] = rows;
    if (fault === "foreign" && first) rows.push({ ...first, address: MESSENGER });
    return readScanLogs(rows, { addresses: new Set(addresses), fromBlock, toBlock });
  }

  async function collect(source: { id: string }, given: unknown): Promise<unknown> {
    questions.set(source.id, (questions.get(source.id) ?? 0) + 1);
    const request = given as { node?: string; blocks?: readonly number[]; hashes?: readonly string[] };
    const node = Math.max(0, nodeIds.indexOf(request.node ?? ""));
    const fault = faultNow();
    const ok = (value: unknown) => ({ ok: true, value, fetchedAt: 0 });
    if (fault === "silent") return { ok: false, reason: "unavailable", detail: `${nodeIds[node]} did not answer` };
    const view = shown(fault);
    const top = view.at(-1) as Block;
    switch (source.id) {
      case "erc20:supply":
        return ok({
          chain: "",
          blockNumber: top.number,
          blockTimestamp: top.timestamp,
          tokens: tokens.map(({ address, decimals }) => ({
            address,
            decimals,
            totalSupply: String(supplies.get(address)),
            balances: [],
          })),
        });
      case "evm:head": {
        const finalized = view[Math.max(0, top.number - FINAL_AFTER_BLOCKS)] as Block;
        const blocks = (request.blocks ?? []).flatMap((number) => {
          const block = view[number];
          return block ? [[number, plainBlock(block)] as const] : [];
        });
        const head: ChainHead = { head: plainBlock(top), finalized: plainBlock(finalized), blocks: new Map(blocks) };
        return ok(head);
      }
      case "evm:blocks":
        return ok((request.blocks ?? []).flatMap((number) => (view[number] ? [plainBlock(view[number])] : [])));
      case "evm:transactions": {
        const byHash = new Map(view.flatMap(({ txs }) => txs).map((tx) => [tx.hash, tx]));
        return ok(
          (request.hashes ?? []).flatMap((hash): TransactionFacts[] => {
            const tx = byHash.get(hash);
            if (!tx) return [];
            return [
              {
                hash,
                to: tx.to,
                inputSelector: tx.selector,
                logTopics: tx.logs.flatMap(({ topics }) => topics),
                logAddresses: tx.logs.map(({ address }) => address),
              },
            ];
          }),
        );
      }
      case "evm:logs":
        return ok(answerLogs(node, view, fault, given as never));
      default:
        throw new Error(`the unruly chain knows no ${source.id}`);
    }
  }

  return {
    head: () => chain.length - 1,
    now: () => (chain.at(-1) as Block).timestamp,
    mine,
    reorg(depth) {
      const length = Math.min(depth, chain.length - 1);
      abandoned = [...chain];
      fork += 1;
      chain.splice(chain.length - length, length);
      forkedAt = chain.length;
      mine(length);
    },
    calm() {
      isCalm = true;
    },
    hush(...nodes) {
      hushed = nodes;
    },
    truth,
    answers: { collect: collect as never, nodes: () => nodeIds },
    asked: (source) =>
      [...questions].reduce((sum, [id, count]) => (source === undefined || id === source ? sum + count : sum), 0),
  };
}
