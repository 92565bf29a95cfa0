/** Public ways to do the same, for comparison: a plain viem loop per contract, and SQLite with the reference's statement. */
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { createPublicClient, custom, decodeEventLog, type Hex, http, parseAbiItem, type Transport } from "viem";
import { amountUsdOf, flowId, toEvent } from "../flow-figures.ts";
import type { FlowEventRow } from "../schema/flows.ts";

const TRANSFER = parseAbiItem("event Transfer(address indexed from, address indexed to, uint256 value)");
const ZERO = "0x0000000000000000000000000000000000000000";

/** Fetches and decodes, contract by contract and direction by direction; stores nothing, classifies nothing. Gives the logs found. */
export async function viemLoop(
  transport: Transport,
  addresses: readonly string[],
  range: { fromBlock: number; toBlock: number },
  step: number,
): Promise<number> {
  const client = createPublicClient({ transport });
  let logs = 0;
  for (const address of addresses)
    for (const args of [{ from: ZERO }, { to: ZERO }] as const)
      for (let from = range.fromBlock; from <= range.toBlock; from += step) {
        const found = await client.getLogs({
          address: address as `0x${string}`,
          event: TRANSFER,
          args,
          fromBlock: BigInt(from),
          toBlock: BigInt(Math.min(range.toBlock, from + step - 1)),
        });
        logs += found.length;
      }
  return logs;
}

export const viemHttp = (url: string): Transport => http(url, { retryCount: 0, timeout: 60_000 });

/** Questions that the loop asks over a range in which nothing happened. */
export async function viemQuestions(
  addresses: readonly string[],
  range: { fromBlock: number; toBlock: number },
  step: number,
): Promise<number> {
  let asked = 0;
  const quiet = async () => {
    asked += 1;
    return [];
  };
  await viemLoop(custom({ request: quiet }), addresses, range, step);
  return asked;
}

/** Parses answers of a node and decodes every log of them; gives their number. */
export function viemDecode(answers: readonly string[]): number {
  let logs = 0;
  for (const answer of answers)
    for (const { topics, data } of (JSON.parse(answer) as { result: { topics: [Hex, ...Hex[]]; data: Hex }[] })
      .result) {
      const { args } = decodeEventLog({ abi: [TRANSFER], topics, data });
      if (args.value > 0n) logs += 1;
    }
  return logs;
}

/** Seconds SQLite takes to rebuild the hours of `rows` events, filled beforehand. */
export function sqliteHours(rows: number, coins: number): number {
  const database = new DatabaseSync(":memory:");
  database.exec(`CREATE TABLE events (stablecoin_id TEXT, chain_id TEXT, direction TEXT, amount_usd REAL, burn_type TEXT, flow_type TEXT, timestamp INTEGER);
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows - 1})
    INSERT INTO events SELECT 'coin-' || (i % ${coins}), 'ethereum', CASE WHEN i % 2 = 0 THEN 'mint' ELSE 'burn' END, 1000.5 + i % 977,
      CASE WHEN i % 2 = 0 THEN NULL ELSE 'effective_burn' END, 'standard', 1700000000 + i * 3 FROM n;`);
  const startedMs = performance.now();
  database
    .prepare(`SELECT stablecoin_id, chain_id, timestamp / 3600 * 3600 AS hour_ts,
      SUM(CASE WHEN direction = 'mint' AND flow_type = 'standard' THEN 1 ELSE 0 END) AS mint_count,
      SUM(CASE WHEN direction = 'burn' AND burn_type = 'effective_burn' AND flow_type = 'standard' THEN 1 ELSE 0 END) AS burn_count,
      SUM(CASE WHEN direction = 'mint' AND flow_type = 'standard' THEN COALESCE(amount_usd, 0) ELSE 0 END) AS mint_volume_usd,
      SUM(CASE WHEN direction = 'burn' AND burn_type = 'effective_burn' AND flow_type = 'standard' THEN COALESCE(amount_usd, 0) ELSE 0 END) AS burn_volume_usd
      FROM events GROUP BY 1, 2, 3`)
    .all();
  const seconds = (performance.now() - startedMs) / 1000;
  database.close();
  return seconds;
}

/** Bytes an event takes in SQLite in the reference's table, packed, and without its indexes beside the primary key. */
export function sqliteBytes(path: string, rows: readonly FlowEventRow[]): number {
  const database = new DatabaseSync(path);
  database.exec(`CREATE TABLE mint_burn_events (id TEXT PRIMARY KEY, stablecoin_id TEXT NOT NULL, symbol TEXT NOT NULL, chain_id TEXT NOT NULL,
    direction TEXT NOT NULL, amount REAL NOT NULL, amount_usd REAL, price_used REAL, price_timestamp INTEGER, price_source TEXT, burn_type TEXT,
    burn_review_reason TEXT, flow_type TEXT DEFAULT 'standard', counterparty TEXT, tx_hash TEXT NOT NULL, block_number INTEGER NOT NULL,
    timestamp INTEGER NOT NULL, explorer_tx_url TEXT NOT NULL)`);
  const insert = database.prepare(`INSERT INTO mint_burn_events VALUES (${Array(18).fill("?").join(", ")})`);
  database.exec("BEGIN");
  for (const row of rows) {
    const { amount, priceUsed } = toEvent(row);
    insert.run(
      flowId(row),
      row.coinId,
      row.coinId.toUpperCase(),
      row.chainId,
      row.direction,
      amount,
      amountUsdOf({ amount, priceUsed }),
      priceUsed,
      row.priceTimestamp,
      row.priceSource,
      row.burnType,
      row.burnReviewReason,
      row.flowType,
      row.counterparty,
      row.txHash,
      row.blockNumber,
      row.timestamp,
      `https://etherscan.io/tx/${row.txHash}`,
    );
  }
  database.exec("COMMIT");
  database.exec("VACUUM");
  database.close();
  return statSync(path).size / rows.length;
}
