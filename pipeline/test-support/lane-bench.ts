/**
 * The flows lane on a record of its own: state and history in a folder, merged as the publisher merges, answers from anywhere.
 *
 * What a lane returns is checked against the published shapes before it is kept, so a test here fails where a run would.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { flowsLane } from "../flows/lane.ts";
import { type FlowsState, readFlowsState } from "../flows/state.ts";
import type { LaneContext, LaneResult } from "../lane.ts";
import { canonicalJson } from "../publish/canonical-json.ts";
import { mergeHistory } from "../publish/history-files.ts";
import { exampleChain, exampleCoin } from "../registry/examples.ts";
import type { Registry } from "../registry/registry.ts";
import type { Chain } from "../schema/chain.ts";
import type { Coin, MintBurnContract } from "../schema/coin.ts";
import {
  type FlowEventRow,
  type HourlyFlowRow,
  MINT_BURN_EVENTS,
  MINT_BURN_HOURLY,
  type StoredFlows,
  StoredFlowsSchema,
} from "../schema/flows.ts";
import type { HistoryDataset } from "../schema/history.ts";
import { historyRows } from "../store/day-rows.ts";
import { openDatabase } from "../store/duckdb.ts";
import { openStore, type Store } from "../store/store.ts";

export interface BenchCoin {
  id: string;
  symbol: string;
  contracts: (Pick<MintBurnContract, "address" | "decimals" | "events"> & Partial<MintBurnContract>)[];
}

export function benchRegistry(chain: Partial<Chain>, coins: readonly BenchCoin[]): Registry {
  const whole: Chain = { ...exampleChain, ...chain };
  const list = coins.map(
    ({ id, symbol, contracts }): Coin => ({
      ...exampleCoin,
      id,
      symbol,
      deployments: [],
      priceFeeds: [],
      mintBurnContracts: contracts.map((contract) => ({
        chain: whole.id,
        tier: "critical",
        startBlock: 0,
        startBlockSource: "a test",
        startBlockConfidence: "high",
        dustThreshold: 0,
        bridge: null,
        enabled: true,
        source: "a test",
        ...contract,
      })),
    }),
  );
  return {
    simulated: true,
    coins: list,
    coinById: new Map(list.map((coin) => [coin.id, coin])),
    coinByLlamaId: new Map(),
    chains: [whole],
    chainById: new Map([[whole.id, whole]]),
    chainByLlamaName: new Map(),
    upstreams: new Map(),
    corrections: [],
    doubts: [],
  };
}

export interface LaneBench {
  dataDir: string;
  /** Runs the lane and keeps what it gives; `keep` false throws it away, as a killed run does. */
  run(nowSec: number, keep?: boolean): Promise<LaneResult>;
  /** Keeps the result of a run as if it were pushed now: a run that lost its race. */
  apply(result: LaneResult, stateToo: boolean): void;
  /** Changes the committed state as a run before might have left it. */
  changeState(change: (state: FlowsState) => void): void;
  /** Events of the record as they hold, and hours. */
  events(): Promise<FlowEventRow[]>;
  hours(): Promise<HourlyFlowRow[]>;
  snapshot(): StoredFlows | null;
  close(): void;
}

export function laneBench(
  registry: Registry,
  answers: Pick<LaneContext, "collect" | "nodes">,
  published: (name: string) => unknown = () => null,
): LaneBench {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-flows-"));
  let state: unknown = null;
  let snapshot: StoredFlows | null = null;
  const rowsOf = async <Row>(dataset: HistoryDataset<Row>, sinceSec: number) => {
    // Days are never sealed here, so nothing needs the database.
    const open = () => openDatabase([dataDir]);
    return (await historyRows(dataDir, dataset, sinceSec, open)) as Row[];
  };
  const apply = (result: LaneResult, stateToo: boolean) => {
    for (const { dataset, rows } of result.history) {
      for (const row of rows) dataset.row.parse(row);
      for (const [path, { text }] of mergeHistory(dataDir, dataset, rows)) {
        mkdirSync(dirname(join(dataDir, path)), { recursive: true });
        writeFileSync(join(dataDir, path), text);
      }
    }
    if (!stateToo) return;
    state = JSON.parse(canonicalJson(result.state.flows));
    const out = result.snapshots["mint-burn-flows"];
    if (out) snapshot = StoredFlowsSchema.parse(out.data);
  };
  return {
    dataDir,
    apply,
    changeState(change) {
      const { state: parsed } = readFlowsState(state);
      change(parsed);
      state = JSON.parse(canonicalJson(parsed));
    },
    events: () => rowsOf(MINT_BURN_EVENTS, 0),
    hours: () => rowsOf(MINT_BURN_HOURLY, 0),
    snapshot: () => snapshot,
    async run(nowSec, keep = true) {
      let store: Promise<Store> | null = null;
      const context: LaneContext = {
        ...answers,
        nowSec,
        registry,
        circuitOpen: () => false,
        nothingToAsk: () => {},
        setting: () => null,
        published: (name) => published(name) as never,
        state: (name) => (name === "flows" && state !== null ? structuredClone(state) : null),
        history: rowsOf,
        store() {
          store ??= openStore(dataDir);
          return store;
        },
        log: () => {},
      };
      try {
        const result = await flowsLane.run(context);
        if (keep) apply(result, true);
        return result;
      } finally {
        if (store) (await (store as Promise<Store>)).close();
      }
    },
    close: () => rmSync(dataDir, { recursive: true, force: true }),
  };
}
