/** Exits: how long one pass over many routes takes, and how many calls to nodes a run of the reserves lane makes. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildRow } from "../redemption/build-row.ts";
import { routeOf } from "../redemption-defaults.ts";
import { loadRegistry } from "../registry/registry.ts";
import { runOnce } from "../run.ts";
import { startSimulator } from "../simulator/simulator.ts";
import type { Benchmark } from "./benchmark.ts";

const ROUTES = 5_000;
const LIMIT_SEC = 1;
const START_SEC = Date.UTC(2026, 9, 20, 8, 15) / 1000;
const HOME_DATA = resolve(import.meta.dirname, "..", "..", "data");

function passSeconds(): number {
  const configured = loadRegistry(HOME_DATA).coins.flatMap(({ id, redemptionRoute }) =>
    redemptionRoute ? [{ id, route: routeOf(redemptionRoute) }] : [],
  );
  const routes = Array.from({ length: ROUTES }, (_, i) => configured[i % configured.length]!);
  const startedMs = performance.now();
  let resolved = 0;
  for (const { id, route } of routes) {
    const row = buildRow({
      stablecoinId: id,
      route,
      supplyUsd: 1e8,
      dexLiquidityScore: 50,
      adapterCapacity: "direct",
      live: { usable: true, capacityUsd: 2e7, capacityKind: "live-direct", freshnessKind: "same-run-onchain" },
      liveFee: { feeBps: 25 },
      severe: null,
      links: {},
      nowSec: START_SEC,
      methodologyVersion: "bench",
    });
    if (row.resolutionState === "resolved") resolved++;
  }
  if (resolved < ROUTES / 2) throw new Error(`only ${resolved} of ${ROUTES} routes were resolved`);
  return (performance.now() - startedMs) / 1000;
}

interface Calls {
  adapters: number;
  /** On chains with Multicall3. */
  chains: number;
  ethCalls: number;
  /** On the others, where every read is a call. */
  singles: number;
}

async function callsOfARun(): Promise<Calls> {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-exits-"));
  mkdirSync(dataDir, { recursive: true });
  cpSync(join(HOME_DATA, "registry"), join(dataDir, "registry"), { recursive: true });
  const registry = loadRegistry(dataDir);
  const simulator = await startSimulator({ seed: 1, coins: registry.coins, nowSec: START_SEC, incidents: [] });
  try {
    await runOnce({
      dataDir,
      nowSec: START_SEC,
      seed: "bench",
      lanes: ["reserves"],
      overrides: simulator.overrides,
      registry,
      env: {},
    });
    const asked = simulator.requests.filter(({ upstream, path }) => upstream.startsWith("rpc:") && path === "eth_call");
    const bundles = ({ upstream }: (typeof asked)[number]) =>
      registry.chainById.get(upstream.split(":").slice(1, 3).join(":"))?.multicall3 != null;
    const sum = (list: typeof asked) => list.reduce((total, { count }) => total + count, 0);
    return {
      ethCalls: sum(asked.filter(bundles)),
      singles: sum(asked.filter((one) => !bundles(one))),
      adapters: registry.coins.filter((coin) => coin.reserveAdapter !== null && "chain" in coin.reserveAdapter).length,
      chains: asked.filter(bundles).length,
    };
  } finally {
    await simulator.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

export const exits: Benchmark = {
  name: "exits",
  about: "one pass over 5,000 redemption routes, and the node calls of one run of all reserve adapters",
  async run() {
    const { ethCalls, singles, adapters, chains } = await callsOfARun();
    return [
      {
        what: `one pass over ${ROUTES} routes`,
        measured: passSeconds(),
        unit: "s",
        yardstick: LIMIT_SEC,
        from: "issue 5",
        better: "less",
      },
      {
        what: `eth_call of ${adapters} on-chain adapters, ${chains} chains with Multicall3 (beside ${singles} single ones without)`,
        measured: ethCalls,
        unit: "calls",
        // What one adapter learns decides what it reads next, so a chain has two rounds.
        yardstick: 2 * chains,
        from: "one multicall a round, two rounds",
        better: "less",
      },
    ];
  },
};
