/**
 * Freezes: addresses that issuers stop, release or empty, by their own contracts' events. Freeze methodology, section 1.
 *
 * EVM chains are read by logs, Tron by TronGrid. Rows are appended once, by chain, transaction and log; a chain that could not be
 * read keeps its cursor and says so. A coin without rows was quiet only where its coverage says that it was read.
 */
import type { Lane, LaneContext } from "../lane.ts";
import type { Reason } from "../schema/envelope.ts";
import type { FreezeCoverage, FreezeEvent, FreezeEvents } from "../schema/freezes.ts";
import { FREEZE_EVENTS } from "../schema/history.ts";
import { DAY_SEC } from "../time.ts";
import { amountOf } from "./amounts.ts";
import { cursorKey, type FreezeContract, freezeContracts, TRON } from "./contracts.ts";
import {
  type Cursor,
  cursorOf,
  FREEZES_STATE,
  type FreezeState,
  frozenSums,
  readFreezeState,
  withEvents,
} from "./cursors.ts";
import { nodesOf, scanEvm } from "./scan-evm.ts";
import { scanTron } from "./scan-tron.ts";

const RECENT_EVENTS = 200;
const WEEK_SEC = 7 * DAY_SEC;

interface Read {
  events: FreezeEvent[];
  cursors: Record<string, Cursor>;
  coverage: FreezeCoverage[];
  problems: Reason[];
}

function coverageOf(
  contract: FreezeContract,
  cursor: Cursor | null,
  status: FreezeCoverage["status"],
  reason: string | null,
): FreezeCoverage {
  return {
    coinId: contract.coin.id,
    chainId: contract.chainId,
    contractAddress: contract.address,
    family: contract.family,
    cursor: cursor && { unit: cursor.unit, value: cursor.value },
    since: cursor?.since ?? null,
    status,
    reason,
  };
}

/** In USD at the price of this run; a price that is not of now values nothing. */
function usdOf(amount: string | null, priceUsd: number | null): number | null {
  return amount === null || priceUsd === null ? null : Math.round(Number(amount) * priceUsd * 100) / 100;
}

async function readEvmChain(
  context: LaneContext,
  chainId: string,
  contracts: readonly FreezeContract[],
  state: FreezeState,
  priceOf: (id: string) => number | null,
): Promise<Read> {
  const chain = context.registry.chainById.get(chainId);
  const cursors = contracts.map((contract) => cursorOf(state, cursorKey(contract), "block"));
  const result: Read = { events: [], cursors: {}, coverage: [], problems: [] };
  if (!chain || nodesOf(chain).length === 0) {
    result.coverage = contracts.map((contract, i) =>
      coverageOf(contract, cursors[i] ?? null, "no-node", "no node without a key"),
    );
    return result;
  }
  const known = cursors.flatMap((cursor) => (cursor ? [cursor.value] : []));
  const scanned = await scanEvm(context, chain, contracts, known.length === 0 ? null : Math.min(...known));
  for (const found of scanned.found) {
    const { contract, log, signature, address, item, timestamp } = found;
    const amount = await amountOf(context, found);
    const id = `${chainId}-${log.transactionHash}-${log.logIndex}`;
    result.events.push({
      id: signature.address === "array" ? `${id}-${item}` : id,
      coinId: contract.coin.id,
      stablecoin: contract.coin.symbol,
      chainId,
      eventType: signature.type,
      signature: signature.signature,
      address,
      ...amount,
      amountUsd: usdOf(amount.amount, priceOf(contract.coin.id)),
      contractAddress: contract.address,
      txHash: log.transactionHash,
      blockNumber: log.blockNumber,
      timestamp,
    });
  }
  if (scanned.problem !== null)
    result.problems.push({ code: "chain-not-read", message: `${chain.name}: ${scanned.problem}` });
  for (const [i, contract] of contracts.entries()) {
    const before = cursors[i] ?? null;
    const upTo = scanned.upTo;
    const cursor: Cursor | null =
      upTo === null
        ? before
        : { unit: "block", value: Math.max(upTo, before?.value ?? 0), since: before?.since ?? scanned.fromSec };
    if (cursor) result.cursors[cursorKey(contract)] = cursor;
    result.coverage.push(coverageOf(contract, cursor, upTo === null ? "failed" : "ok", scanned.problem));
  }
  return result;
}

async function readTronContract(
  context: LaneContext,
  contract: FreezeContract,
  state: FreezeState,
  priceOf: (id: string) => number | null,
): Promise<Read> {
  const before = cursorOf(state, cursorKey(contract), "ms");
  const scanned = await scanTron(context, contract, before?.value ?? null);
  const cursor: Cursor | null =
    scanned.upToMs === null
      ? before
      : { unit: "ms", value: Math.max(scanned.upToMs, before?.value ?? 0), since: before?.since ?? scanned.fromSec };
  return {
    events: scanned.found.map(({ signature, event, address, amount, amountSource }) => ({
      id: `${TRON}-${event.transactionId}-${event.eventIndex}`,
      coinId: contract.coin.id,
      stablecoin: contract.coin.symbol,
      chainId: TRON,
      eventType: signature.type,
      signature: signature.signature,
      address,
      amount,
      amountSource,
      amountUsd: usdOf(amount, priceOf(contract.coin.id)),
      contractAddress: contract.address,
      txHash: event.transactionId,
      blockNumber: event.blockNumber,
      timestamp: event.timestamp,
    })),
    cursors: cursor ? { [cursorKey(contract)]: cursor } : {},
    coverage: [coverageOf(contract, cursor, scanned.upToMs === null ? "failed" : "ok", scanned.problem)],
    problems:
      scanned.problem === null
        ? []
        : [{ code: "tron-not-read", message: `${contract.coin.symbol} on Tron: ${scanned.problem}` }],
  };
}

function newestFirst(a: FreezeEvent, b: FreezeEvent): number {
  return b.timestamp - a.timestamp || (a.id < b.id ? 1 : -1);
}

type CoinCounts = Pick<FreezeEvents["byCoin"][string], "blacklist" | "unblacklist" | "destroy">;

function counted(before: CoinCounts | undefined, added: readonly FreezeEvent[]): CoinCounts {
  const of = (type: FreezeEvent["eventType"]) =>
    (before?.[type] ?? 0) + added.filter((event) => event.eventType === type).length;
  return { blacklist: of("blacklist"), unblacklist: of("unblacklist"), destroy: of("destroy") };
}

export const freezesLane: Lane = {
  name: "freezes",
  async run(context) {
    const { nowSec, registry } = context;
    const state = readFreezeState(context.state(FREEZES_STATE));
    const before = context.published("freeze-events")?.data;
    const stablecoins = context.published("stablecoins");
    const isPriced = stablecoins !== null && stablecoins.generatedAt === nowSec;
    const prices = new Map(stablecoins?.data.peggedAssets.map(({ id, price }) => [id, price]));
    const priceOf = (id: string) => (isPriced ? (prices.get(id) ?? null) : null);
    const contracts = freezeContracts(registry.coinById);

    // EVM chains have nodes of their own, so they are read at once; Tron's contracts share one upstream.
    const byChain = [...Map.groupBy(contracts, (contract) => contract.chainId)];
    const evm = await Promise.all(
      byChain.map(([chainId, own]) => (chainId === TRON ? null : readEvmChain(context, chainId, own, state, priceOf))),
    );
    const reads: Read[] = [];
    for (const [nth, [, own]] of byChain.entries()) {
      const read = evm[nth];
      if (read) reads.push(read);
      else for (const contract of own) reads.push(await readTronContract(context, contract, state, priceOf));
    }
    const seen = new Set(before?.events.map(({ id }) => id));
    const added = reads
      .flatMap(({ events }) => events)
      .filter(({ id }) => !seen.has(id))
      .sort(newestFirst);
    const all = [...added, ...(before?.events ?? [])].sort(newestFirst);
    const recent = all.filter(({ timestamp }, i) => i < RECENT_EVENTS || timestamp > nowSec - WEEK_SEC);
    const frozen = withEvents(state.frozen, [...added].reverse());
    const byCoin: FreezeEvents["byCoin"] = {};
    for (const coinId of [...new Set(contracts.map(({ coin }) => coin.id))].sort()) {
      const own = recent.filter((event) => event.coinId === coinId);
      const within = (sec: number) => own.filter(({ timestamp }) => timestamp > nowSec - sec).length;
      byCoin[coinId] = {
        ...counted(
          before?.byCoin[coinId],
          added.filter((event) => event.coinId === coinId),
        ),
        events24h: within(DAY_SEC),
        events7d: within(WEEK_SEC),
        ...frozenSums(frozen[coinId], prices.get(coinId) ?? null),
      };
    }
    const problems = reads.flatMap((read) => read.problems);
    const coverage = reads.flatMap((read) => read.coverage);
    const next: FreezeState = {
      cursors: Object.assign({ ...state.cursors }, ...reads.map(({ cursors }) => cursors)),
      frozen,
    };
    return {
      status: coverage.some(({ status }) => status === "ok") ? (problems.length > 0 ? "degraded" : "ok") : "error",
      reasons:
        problems.length > 0 || coverage.some(({ status }) => status === "ok")
          ? problems
          : [{ code: "nothing-read", message: "no chain could be read" }],
      snapshots: coverage.some(({ status }) => status === "ok")
        ? {
            "freeze-events": {
              asOf: nowSec,
              sources: [{ id: "json-rpc:eth_getLogs", observedAt: nowSec }],
              data: { events: recent, total: (before?.total ?? 0) + added.length, byCoin, coverage },
            },
          }
        : {},
      history: added.length > 0 ? [{ dataset: FREEZE_EVENTS, rows: added }] : [],
      state: { [FREEZES_STATE]: next },
      counts: {
        contracts: contracts.length,
        read: coverage.filter(({ status }) => status === "ok").length,
        events: added.length,
      },
    };
  },
};
