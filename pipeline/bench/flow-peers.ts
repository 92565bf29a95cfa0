/** Public ways to do the same, for comparison: a plain viem loop per contract, and SQLite with the reference's statement. */
import { DatabaseSync } from "node:sqlite";
import { createPublicClient, decodeEventLog, type Hex, http, parseAbiItem } from "viem";

const TRANSFER = parseAbiItem("event Transfer(address indexed from, address indexed to, uint256 value)");
const ZERO = "0x0000000000000000000000000000000000000000";

/** Fetches and decodes, contract by contract and direction by direction; stores nothing, classifies nothing. */
export async function viemLoop(url: string, addresses: readonly string[], head: number, step: number) {
  const client = createPublicClient({ transport: http(url, { retryCount: 0, timeout: 60_000 }) });
  let logs = 0;
  for (const address of addresses)
    for (const args of [{ from: ZERO }, { to: ZERO }] as const)
      for (let from = 0; from <= head; from += step) {
        const found = await client.getLogs({
          address: address as `0x${string}`,
          event: TRANSFER,
          args,
          fromBlock: BigInt(from),
          toBlock: BigInt(Math.min(head, from + step - 1)),
        });
        logs += found.length;
      }
  return logs;
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
