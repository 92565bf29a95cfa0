/**
 * How fast prices are made: consensus alone over many coins, and a whole price run of 400 coins with every source from loopback.
 *
 * Beside consensus stands what a plain program does with the same quotes: group them by coin, sort, take the middle one. It finds no
 * clusters and judges nobody, so the comparison favours it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PRICE_SOURCES } from "../price-sources.ts";
import { type Candidate, computePriceConsensus } from "../prices/consensus.ts";
import { loadRegistry } from "../registry/registry.ts";
import { runOnce } from "../run.ts";
import { keyOf, unit } from "../simulator/noise.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { median } from "../statistics.ts";
import type { Benchmark, Measurement } from "./benchmark.ts";

const COINS = 10_000;
const QUOTES = 20;
const CONSENSUS_LIMIT_SEC = 1;
const RUN_COINS = 400;
const RUN_LIMIT_SEC = 3;
const MEMORY_LIMIT_MB = 400;
const START_SEC = Date.UTC(2026, 10, 20, 8, 7) / 1000;
const REPEATS = 3;
const MB = 1e6;

function quotes(): Candidate[][] {
  const sources = Object.keys(PRICE_SOURCES).slice(0, QUOTES);
  return Array.from({ length: COINS }, (_, coin) => {
    const key = keyOf(`price-speed/${coin}`);
    return sources.map((source, index) => ({
      source,
      price: 1 + (unit(key, index) - 0.5) * 0.02,
      weight: PRICE_SOURCES[source]?.weight ?? 1,
      observedAt: START_SEC,
    }));
  });
}

function fastest(work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < REPEATS; n++) {
    const startedMs = performance.now();
    work();
    least = Math.min(least, (performance.now() - startedMs) / 1000);
  }
  return least;
}

async function priceRun(): Promise<{ seconds: number; requests: [string, number][]; memoryMb: number }> {
  const home = loadRegistry(resolve(import.meta.dirname, "..", "..", "data"));
  const coins = home.coins.filter((coin) => coin.ids.defillama !== null).slice(0, RUN_COINS);
  const registry = { ...home, coins };
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-price-speed-"));
  const simulator = await startSimulator({ seed: 1, coins, nowSec: START_SEC, keyed: true });
  const run = async (nowSec: number, lanes: string[]) => {
    simulator.setNow(nowSec);
    await runOnce({ dataDir, nowSec, seed: "speed", overrides: simulator.overrides, registry, env: {}, lanes });
  };
  try {
    // The second run is measured: modules are loaded, and the last publication says who is asked about.
    await run(START_SEC, ["fx", "supply", "liquidity", "prices"]);
    await run(START_SEC + 1_800, ["fx", "supply", "liquidity"]);
    const before = new Map(simulator.requests.map(({ upstream, path, count }) => [`${upstream} ${path}`, count]));
    const startedMs = performance.now();
    await run(START_SEC + 1_800, ["prices"]);
    const seconds = (performance.now() - startedMs) / 1000;
    const requests = new Map<string, number>();
    for (const { upstream, path, count } of simulator.requests) {
      const added = count - (before.get(`${upstream} ${path}`) ?? 0);
      if (added > 0) requests.set(upstream, (requests.get(upstream) ?? 0) + added);
    }
    return {
      seconds,
      requests: [...requests].sort((a, b) => b[1] - a[1]),
      memoryMb: process.memoryUsage().rss / MB,
    };
  } finally {
    await simulator.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

export const priceSpeed: Benchmark = {
  name: "price-speed",
  about: "consensus for 10,000 coins of 20 quotes, and one price run of 400 coins with every source from loopback",
  async run() {
    const all = quotes();
    const plain = fastest(() => {
      for (const list of all) median(list.map(({ price }) => price));
    });
    const consensus = fastest(() => {
      for (const list of all) computePriceConsensus(list, 1, undefined, "fixed", { independentFamilies: true });
    });
    const { seconds, requests, memoryMb } = await priceRun();
    const told = (what: string, measured: number, unitName: string, from: string): Measurement => ({
      what,
      measured,
      unit: unitName,
      yardstick: null,
      from,
      better: "less",
    });
    return [
      {
        what: `consensus of ${COINS} coins x ${QUOTES} quotes`,
        measured: consensus,
        unit: "s",
        yardstick: CONSENSUS_LIMIT_SEC,
        from: "issue 3",
        better: "less",
      },
      told(
        "  a plain median of the same quotes",
        plain,
        "s",
        `consensus takes ${(consensus / plain).toFixed(1)} times as long`,
      ),
      {
        what: `one price run, ${RUN_COINS} coins, every source, loopback`,
        measured: seconds,
        unit: "s",
        yardstick: RUN_LIMIT_SEC,
        from: "issue 3",
        better: "less",
      },
      {
        what: "  memory of the whole process, simulator included",
        measured: memoryMb,
        unit: "MB",
        yardstick: MEMORY_LIMIT_MB,
        from: "issue 3",
        better: "less",
      },
      ...requests.map(([upstream, count]) =>
        told(`  requests to ${upstream}`, count, "a run", "the simulator's count"),
      ),
    ];
  },
};
