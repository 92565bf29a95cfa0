/**
 * How fast mints and burns are read, stored and rebuilt, each beside a public way on the same node and the same data.
 *
 * Recorded: ten answers of a node as text, parsed, checked, decoded, classified and merged into JSON lines. Live: the same from
 * anvil with 100,000 logs of ten contracts, and beside it what reading those answers takes when nothing is made of them. Hours: ten
 * million events in DuckDB.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Agent, request } from "undici";
import { encodeFunctionData, numberToHex, parseAbi } from "viem";
import { detectionOf } from "../bridge-detection.ts";
import { type ChainNode, chainNodes } from "../flows/chain-node.ts";
import { bridgeTest } from "../flows/classify-bridge.ts";
import type { FlowContract } from "../flows/contracts.ts";
import { toRow } from "../flows/event-rows.ts";
import { logQueries } from "../flows/log-queries.ts";
import { readRange } from "../flows/read-range.ts";
import { readRows } from "../flows/read-rows.ts";
import { HOURLY_SQL } from "../flows/recount-hours.ts";
import { mergeHistory } from "../publish/history-files.ts";
import { MINT_BURN_EVENTS } from "../schema/flows.ts";
import { createBreakers } from "../sources/breaker.ts";
import { createClient } from "../sources/client.ts";
import { collect } from "../sources/collect.ts";
import { readScanLogs, type ScanLog } from "../sources/scan-log.ts";
import { openDatabase } from "../store/duckdb.ts";
import { type Anvil, startAnvil } from "../test-support/anvil.ts";
import { type Effort, effortOf, type Measurement } from "./benchmark.ts";
import { CONTRACTS, contracts, LOGS, PRICES, recordedAnswers, START_SEC } from "./flow-inputs.ts";
import { sqliteHours, viemDecode, viemHttp, viemLoop } from "./flow-peers.ts";

const REPEATS = 5;
const WINDOW_BLOCKS = 200;
const READS_TOGETHER = 4;
const EVENTS = 10_000_000;
const SQLITE_EVENTS = 1_000_000;
const COINS = 140;
/** Of the guides: a plain viem loop on anvil, and Ponder 0.15 with PGlite. */
const PUBLIC_VIEM_PER_SEC = 21_000;
const PUBLIC_PONDER_PER_SEC = 2_300;

/** Rows of logs merged into an open file, as a run would. Gives their number. */
function classifyAndStore(own: readonly FlowContract[], logs: readonly ScanLog[], folder: string): number {
  const test = bridgeTest(detectionOf({ protocol: "cctp", addresses: [] }));
  const { rows } = readRows(own, logs, {
    blockTimes: (block) => START_SEC + block,
    prices: PRICES,
    contexts: () => null,
  });
  for (const { txHash } of rows) test({ to: null, inputSelector: null, logTopics: [txHash], logAddresses: [] });
  const files = mergeHistory(
    folder,
    MINT_BURN_EVENTS,
    rows.map((row) => toRow(row, 18) as unknown as Record<string, unknown>),
  );
  let nth = 0;
  for (const { text } of files.values()) writeFileSync(join(folder, `${nth++}.jsonl`), text);
  return rows.length;
}

/** Of five times the quickest: the first ones also compile, and other work on the machine only ever slows. */
async function quickest(run: () => Promise<number> | number): Promise<{ perSecond: number; effort: Effort }> {
  let best = { perSecond: 0, effort: {} as Effort };
  for (let time = 0; time < REPEATS; time++) {
    const { result, seconds, effort } = await effortOf(run);
    if (result / seconds > best.perSecond) best = { perSecond: result / seconds, effort };
  }
  return best;
}

export async function recorded(folder: string): Promise<Measurement[]> {
  const own = contracts();
  const answers = recordedAnswers();
  const addresses = new Set(own.map((contract) => contract.address));
  const ours = await quickest(() => {
    const logs = answers.flatMap((answer) => {
      const { result } = JSON.parse(answer) as { result: unknown };
      const read = readScanLogs(result, { addresses, fromBlock: 0, toBlock: LOGS });
      if (!("logs" in read)) throw new Error("the recorded answer is refused");
      return read.logs;
    });
    return classifyAndStore(own, logs, folder);
  });
  const peer = await quickest(() => viemDecode(answers));
  const row = {
    what: "flows, recorded answers -> stored rows",
    measured: ours.perSecond,
    unit: "logs/s",
    better: "more",
    ...ours.effort,
  } as const;
  return [
    { ...row, yardstick: 100_000, from: "we promise" },
    {
      ...row,
      yardstick: peer.perSecond,
      from: "viem's decodeEventLog over the same answers, nothing checked or stored",
    },
  ];
}

async function tokensOf(anvil: Anvil, own: readonly FlowContract[]): Promise<number> {
  const code = JSON.parse(readFileSync(new URL("../test-support/flow-token.json", import.meta.url), "utf8")).FlowToken;
  const [from] = await anvil.send<[string]>("eth_accounts");
  const abi = parseAbi(["function mintMany(uint256,uint256)"]);
  const data = encodeFunctionData({ abi, functionName: "mintMany", args: [1000n, 20_000n * 10n ** 18n] });
  for (const contract of own) await anvil.send("anvil_setCode", contract.address, code);
  for (let round = 0; round < LOGS / 1000 / CONTRACTS; round++) {
    for (const { address: to } of own) await anvil.send("eth_sendTransaction", { from, to, data, gas: "0x5f5e100" });
    await anvil.send("anvil_mine", "0x65");
  }
  return Number(await anvil.send<string>("eth_blockNumber"));
}

/** The same questions, their answers read to the end and thrown away: nobody is faster than that. */
async function bareRead(url: string, own: readonly FlowContract[], head: number): Promise<number> {
  const agent = new Agent();
  const bodies = logQueries(own).flatMap(({ addresses, topics }) =>
    Array.from({ length: Math.ceil((head + 1) / WINDOW_BLOCKS) }, (_, nth) => {
      const fromBlock = nth * WINDOW_BLOCKS;
      const range = {
        fromBlock: numberToHex(fromBlock),
        toBlock: numberToHex(Math.min(head, fromBlock + WINDOW_BLOCKS - 1)),
      };
      return { jsonrpc: "2.0", id: 1, method: "eth_getLogs", params: [{ address: addresses, topics, ...range }] };
    }),
  );
  const reader = async () => {
    for (let body = bodies.shift(); body !== undefined; body = bodies.shift()) {
      const headers = { "content-type": "application/json" };
      const answer = await request(url, {
        dispatcher: agent,
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      await answer.body.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: READS_TOGETHER }, reader));
  await agent.close();
  return LOGS;
}

function clientOf(url: string) {
  const limits = { timeoutMs: 60_000, maxBytes: 1e9, retries: 0, concurrency: READS_TOGETHER, perSecond: 1e6 };
  const id = "rpc:eip155:31337:0";
  return createClient({
    upstreams: new Map([[id, { id, baseUrl: url, ...limits, keyEnv: null, keyRequired: false }]]),
    chains: new Map([["eip155:31337", { id: "eip155:31337", name: "anvil", multicall3: null, nodes: [id] }]]),
    env: {},
    nowSec: START_SEC,
    random: () => 0,
  });
}

export async function live(folder: string): Promise<Measurement[]> {
  const mute = ["--no-mining", "--block-base-fee-per-gas", "0", "--gas-price", "0", "--gas-limit", "3000000000"];
  const anvil = await startAnvil(...mute);
  const client = clientOf(anvil.url);
  try {
    const own = contracts();
    const head = await tokensOf(anvil, own);
    const desk = { http: client, breakers: createBreakers({}), report: [] };
    const context = {
      nodes: (caip: string) => client.rpc.nodes(caip),
      collect: (source: never, request: never) => collect(source, request, desk),
    };
    const [node] = chainNodes(context as never, "eip155:31337") as [ChainNode];
    const whole = { fromBlock: 0, toBlock: head };
    const ours = await quickest(async () => {
      const read = await readRange(node, own, whole, { count: 0, limit: 1e6 }, { blocks: WINDOW_BLOCKS });
      return classifyAndStore(own, read.logs, folder);
    });
    const addresses = own.map((contract) => contract.address);
    const peer = await quickest(() => viemLoop(viemHttp(anvil.url), addresses, whole, WINDOW_BLOCKS));
    const bare = await quickest(() => bareRead(anvil.url, own, head));
    const row = {
      what: "flows, live anvil -> stored rows",
      measured: ours.perSecond,
      unit: "logs/s",
      better: "more",
      ...ours.effort,
    } as const;
    return [
      { ...row, yardstick: 50_000, from: "we promise" },
      { ...row, yardstick: peer.perSecond, from: "viem per contract, same node, now; nothing stored" },
      { ...row, yardstick: PUBLIC_VIEM_PER_SEC, from: "viem per contract, as published" },
      { ...row, yardstick: PUBLIC_PONDER_PER_SEC, from: "Ponder 0.15, as published" },
      {
        ...row,
        what: "flows, live anvil, the same answers read and thrown away",
        measured: bare.perSecond,
        ...bare.effort,
        yardstick: null,
        from: "the most anyone can reach",
      },
    ];
  } finally {
    await client.close();
    anvil.stop();
  }
}

export async function hours(folder: string): Promise<Measurement[]> {
  const database = await openDatabase([folder], 2);
  try {
    await database.run(`CREATE TABLE mint_burn_events AS SELECT 'coin-' || (i % ${COINS}) AS coinId, 'ethereum' AS chainId, 1700000000 + i * 3 AS timestamp,
      CASE WHEN i % 2 = 0 THEN 'mint' ELSE 'burn' END AS direction, 'standard' AS flowType, CASE WHEN i % 2 = 0 THEN NULL ELSE 'effective_burn' END AS burnType,
      CAST((1000 + i % 977) * 1000000::HUGEINT AS DECIMAL(38,0)) AS amountUnits, 6 AS decimals, 1.0005::DOUBLE AS priceUsed FROM range(${EVENTS}) t(i)`);
    const { seconds, effort } = await effortOf(() => database.run(`CREATE TABLE hours AS ${HOURLY_SQL}`));
    const perSecond = EVENTS / seconds;
    return [
      {
        what: "flows, hours of 10 million events",
        measured: seconds,
        unit: "s",
        yardstick: 5,
        from: "we promise",
        better: "less",
        ...effort,
      },
      {
        what: "flows, hours, events a second",
        measured: perSecond,
        unit: "events/s",
        yardstick: SQLITE_EVENTS / sqliteHours(SQLITE_EVENTS, COINS),
        from: "SQLite, the reference's statement",
        better: "more",
        ...effort,
      },
    ];
  } finally {
    database.close();
  }
}
