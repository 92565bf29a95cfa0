/**
 * Events of mints and burns as the API shows them: one table of a build, the newest of every coin for the common questions, and
 * one Parquet file a coin with all of them for the others.
 *
 * Events that are not final yet come from the snapshot and are marked; they are nowhere in the history.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { EVERY_EVENT, type EventQuery } from "../../pipeline/flow-query.ts";
import type { Registry } from "../../pipeline/registry/registry.ts";
import { type FlowEventRow, MINT_BURN_EVENTS, type MintBurnFlows } from "../../pipeline/schema/flows.ts";
import { literal } from "../../pipeline/store/duckdb.ts";
import type { Store } from "../../pipeline/store/store.ts";

/** Events in a JSON file of the API, as many as the reference gives at once. */
export const EVENTS_PER_FILE = 500;
/** JSON files of a coin's newest events; older ones stand in its Parquet file. */
export const EVENT_FILES = 4;
/** Events on one page for people. */
export const EVENTS_PER_PAGE = 200;
/** Rows a range request must at least fetch of a column; fewer make the footer heavy, which every query reads. */
const ROWS_PER_GROUP = 4096;

/** The questions most readers ask, answered once a build. */
export const EVENT_FEEDS = {
  all: { ...EVERY_EVENT, limit: EVENTS_PER_FILE * EVENT_FILES },
  counted: { ...EVERY_EVENT, scope: "counted" },
  mints: { ...EVERY_EVENT, scope: "counted", direction: "mint" },
  burns: { ...EVERY_EVENT, scope: "counted", direction: "burn" },
  large: { ...EVERY_EVENT, scope: "counted", minAmount: 1_000_000 },
  review: { ...EVERY_EVENT, burnType: "review_required" },
} as const satisfies Record<string, EventQuery>;
export type EventFeed = keyof typeof EVENT_FEEDS;

export interface ShownEvent {
  id: string;
  stablecoinId: string;
  symbol: string;
  chainId: string;
  direction: "mint" | "burn";
  flowType: FlowEventRow["flowType"];
  amount: number;
  amountUsd: number | null;
  burnType: FlowEventRow["burnType"];
  burnReviewReason: FlowEventRow["burnReviewReason"];
  counterparty: string | null;
  txHash: string;
  blockNumber: number;
  timestamp: number;
  explorerTxUrl: string | null;
  priceUsed: number | null;
  priceTimestamp: number | null;
  priceSource: FlowEventRow["priceSource"];
  provisional: boolean;
}

/** Of every coin and question the newest events, and how many there are. */
export type EventFeeds = Map<string, Record<EventFeed, { events: ShownEvent[]; total: number }>>;

/** An event's own columns in the order of the Parquet file: what queries look at first, so that one range holds it. */
const COLUMNS = `direction, flowType, burnType, chainId, amountUsd, timestamp, provisional, amount, burnReviewReason,
  priceUsed, priceTimestamp, priceSource, blockNumber, logIndex, txHash, counterparty, amountUnits, decimals`;

/** Newest first, as the API orders them. */
const NEWEST_FIRST = "timestamp DESC, blockNumber DESC, concat(chainId, '-', txHash, '-', logIndex) DESC";

/** Puts every event, the provisional ones too, into the table `flow_events` of this store. */
export async function makeEventTable(store: Store, provisional: MintBurnFlows["provisional"]): Promise<void> {
  const columns = Object.entries(MINT_BURN_EVENTS.columns).filter(([name]) => !/^(?:revision|removed)$/.test(name));
  const names = columns.map(([name]) => `"${name}"`).join(", ");
  const shape = JSON.stringify([Object.fromEntries(columns)]);
  // A decimal text is read as the nearest double, as the pipeline divides exact integers: the same number.
  await store.query(
    `CREATE TEMP TABLE flow_events AS
     SELECT *, CAST(concat(CAST(amountUnits AS VARCHAR), 'e-', decimals) AS DOUBLE) AS amount, amount * priceUsed AS amountUsd,
       flowType = 'standard' AND (direction = 'mint' OR coalesce(burnType = 'effective_burn', false)) AS counts
     FROM (SELECT ${names}, false AS provisional FROM mint_burn_events
       UNION ALL SELECT ${names}, true FROM (SELECT unnest(from_json_strict($provisional, ${literal(shape)}), max_depth := 2))
         ANTI JOIN mint_burn_events USING (${MINT_BURN_EVENTS.key.join(", ")}))
     ORDER BY coinId, ${NEWEST_FIRST}`,
    { provisional: JSON.stringify(provisional) },
  );
}

/** A query as a condition on `flow_events`: the same as `isAskedFor`. */
export function conditionOf({ direction, chain, burnType, scope, minAmount }: EventQuery): string {
  return [
    direction && `direction = ${literal(direction)}`,
    chain && `chainId = ${literal(chain)}`,
    burnType && `direction = 'burn' AND burnType = ${literal(burnType)}`,
    scope === "counted" && "counts",
    minAmount > 0 && `amountUsd >= ${Number(minAmount)}`,
  ]
    .filter(Boolean)
    .map((condition) => `(${condition})`)
    .concat("true")
    .join(" AND ");
}

type EventColumns = Omit<ShownEvent, "id" | "stablecoinId" | "symbol" | "explorerTxUrl"> & {
  coinId: string;
  logIndex: number;
};

function shownEvent(row: EventColumns, registry: Registry): ShownEvent {
  const chain = registry.chains.find(({ slug }) => slug === row.chainId);
  return {
    id: `${row.chainId}-${row.txHash}-${row.logIndex}`,
    stablecoinId: row.coinId,
    symbol: registry.coinById.get(row.coinId)?.symbol ?? row.coinId,
    chainId: row.chainId,
    direction: row.direction,
    flowType: row.flowType,
    amount: row.amount,
    amountUsd: row.amountUsd,
    burnType: row.burnType,
    burnReviewReason: row.burnReviewReason,
    counterparty: row.counterparty,
    txHash: row.txHash,
    blockNumber: row.blockNumber,
    timestamp: row.timestamp,
    explorerTxUrl: chain?.explorer?.tx.replace("{tx}", row.txHash) ?? null,
    priceUsed: row.priceUsed,
    priceTimestamp: row.priceTimestamp,
    priceSource: row.priceSource,
    provisional: row.provisional,
  };
}

/** The newest events of every coin in `flow_events`, question by question. */
export async function loadFeeds(store: Store, registry: Registry): Promise<EventFeeds> {
  const feeds: EventFeeds = new Map();
  const nothing = () => ({ events: [], total: 0 });
  const of = (coinId: string) => {
    const own = feeds.get(coinId) ?? {
      all: nothing(),
      counted: nothing(),
      mints: nothing(),
      burns: nothing(),
      large: nothing(),
      review: nothing(),
    };
    feeds.set(coinId, own);
    return own;
  };
  for (const [name, query] of Object.entries(EVENT_FEEDS) as [EventFeed, EventQuery][]) {
    const condition = conditionOf(query);
    const rows = await store.query(
      `SELECT coinId, logIndex, ${COLUMNS} FROM flow_events WHERE ${condition}
       QUALIFY row_number() OVER (PARTITION BY coinId ORDER BY ${NEWEST_FIRST}) <= $limit ORDER BY coinId, ${NEWEST_FIRST}`,
      { limit: query.limit },
    );
    for (const row of rows as unknown as EventColumns[]) of(row.coinId)[name].events.push(shownEvent(row, registry));
    for (const { coinId, total } of await store.query(
      `SELECT coinId, count(*) AS total FROM flow_events WHERE ${condition} GROUP BY coinId`,
    ))
      of(coinId as string)[name].total = total as number;
  }
  return feeds;
}

/**
 * Writes `flow_events` as one Parquet file a coin below `folder`, which the store must be allowed to write to; coins without an
 * event get an empty one. `about` stands in every file's own metadata. Gives the path by coin.
 */
export async function writeEventFiles(
  store: Store,
  coinIds: readonly string[],
  folder: string,
  about: { runId: string; asOf: number; simulated: boolean },
): Promise<Map<string, string>> {
  mkdirSync(folder, { recursive: true });
  const files = new Map<string, string>();
  const told = (["runId", "asOf", "simulated"] as const).map(
    (name) => `${literal(name)}: ${literal(String(about[name]))}`,
  );
  const columns = COLUMNS.replace(
    "txHash, counterparty",
    "unhex(substr(txHash, 3)) AS txHash, unhex(substr(counterparty, 3)) AS counterparty",
  );
  for (const coinId of coinIds) {
    const path = join(folder, `${coinId}.parquet`);
    await store.query(
      `COPY (SELECT ${columns} FROM flow_events WHERE coinId = ${literal(coinId)} ORDER BY ${NEWEST_FIRST})
       TO ${literal(path)} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${ROWS_PER_GROUP}, KV_METADATA {${told.join(", ")}})`,
    );
    files.set(coinId, path);
  }
  return files;
}
