/**
 * A coin's Parquet file of mints and burns, asked as the events API would be: for the reader's browser, by range requests.
 *
 * The footer is read first, then the columns the query looks at, then the shown rows; nothing else leaves the server.
 */
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects, rowIndex } from "hyparquet";
import { type EventQuery, isAskedFor, type QueriedEvent, queriedColumns } from "../../pipeline/flow-query.ts";
import type { ShownEvent } from "./flow-events.ts";

/**
 * `fetch` for the ranges of one file: refuses a range of another version than the first one's, since a footer of one and rows of
 * another would be read as something that never was.
 */
export function oneVersion(fetchRange: typeof fetch = fetch): typeof fetch {
  let version: string | null = null;
  return async (input, init) => {
    const response = await fetchRange(input, init);
    // A host that knows no ranges gives the whole at once, and is asked no more.
    if (init?.method === "HEAD" || (version === null && response.status !== 206)) return response;
    const own = response.headers.get("etag") ?? response.headers.get("last-modified") ?? "";
    version ??= own;
    if (response.status !== 206 || own !== version)
      throw new Error("a newer record was published meanwhile; load the page again");
    return response;
  };
}

/** Most footers are smaller; a larger one costs one more request. */
const FOOTER_BYTES = 1 << 15;

const SHOWN = [
  ...["direction", "flowType", "burnType", "chainId", "amountUsd", "timestamp", "provisional", "amount"],
  ...[
    "burnReviewReason",
    "priceUsed",
    "priceTimestamp",
    "priceSource",
    "blockNumber",
    "logIndex",
    "txHash",
    "counterparty",
  ],
];

export interface EventsFile {
  file: AsyncBuffer;
  metadata: FileMetaData;
}

/** An event without what the page knows anyway. */
export type FoundEvent = Omit<ShownEvent, "stablecoinId" | "symbol" | "explorerTxUrl">;

export async function openEvents(file: AsyncBuffer): Promise<EventsFile> {
  return { file, metadata: await parquetMetadataAsync(file, { initialFetchSize: FOOTER_BYTES }) };
}

const hex = (bytes: Uint8Array): string =>
  `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  return value instanceof Uint8Array ? hex(value) : (value ?? null);
}

/** Places of the events that are asked for, newest first. Null: all of them are. */
async function placesOf({ file, metadata }: EventsFile, query: EventQuery): Promise<number[] | null> {
  const columns = queriedColumns(query);
  if (columns.length === 0) return null;
  const rows = await parquetReadObjects({
    file,
    metadata,
    columns,
    includeRowIndex: true,
    // Leaves out whole groups of rows by their statistics; which rows are meant is decided below.
    ...(query.minAmount > 0 ? { filter: { amountUsd: { $gte: query.minAmount } } } : {}),
  });
  return rows.flatMap((row) => (isAskedFor(query, row as unknown as QueriedEvent) ? [Number(row[rowIndex])] : []));
}

/** Rows at ascending `places`; each group of rows is read once. */
async function rowsAt({ file, metadata }: EventsFile, places: readonly number[]): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let groupStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const groupEnd = groupStart + Number(num_rows);
    const own = places.filter((place) => place >= groupStart && place < groupEnd);
    groupStart = groupEnd;
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) continue;
    const options = { file, metadata, columns: SHOWN, rowStart: first, rowEnd: last + 1, utf8: false };
    const rows = await parquetReadObjects(options);
    for (const place of own) found.push(rows[place - first] as Record<string, unknown>);
  }
  return found;
}

/** What the events API answers, from the file: `total` is of the whole query, not of the page. */
export async function findEvents(
  opened: EventsFile,
  query: EventQuery,
): Promise<{ events: FoundEvent[]; total: number }> {
  const { offset, limit } = query;
  const places = await placesOf(opened, query);
  const total = places?.length ?? Number(opened.metadata.num_rows);
  const wanted =
    places?.slice(offset, offset + limit) ??
    Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, i) => offset + i);
  const events = (await rowsAt(opened, wanted)).map((row) => {
    const { logIndex, ...event } = Object.fromEntries(SHOWN.map((name) => [name, plain(row[name])]));
    return { id: `${event.chainId}-${event.txHash}-${logIndex}`, ...event } as unknown as FoundEvent;
  });
  return { events, total };
}
