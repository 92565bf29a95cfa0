/** A small record in a temporary folder over a simulator: what whole-program tests start from. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { loadRegistry, type Registry } from "../registry/registry.ts";
import { type RunOptions, type RunOutcome, runOnce } from "../run.ts";
import type { IncidentScript } from "../simulator/incidents.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";

export const HOME = resolve(import.meta.dirname, "..", "..");
/** 2026-11-20T08:00:00Z: every lane is due. */
export const START_SEC = Date.UTC(2026, 10, 20, 8) / 1000;
export const HALF_HOUR_SEC = 1800;

export interface SmallWorld {
  /** Temporary folder; everything of the test lies below it. */
  root: string;
  dataDir: string;
  registry: Registry;
  simulator: Simulator;
  /** File for `--upstreams`. */
  upstreamsFile: string;
  /** Sets the simulated time and runs. */
  run(nowSec: number, more?: Partial<RunOptions>): Promise<RunOutcome>;
  close(): Promise<void>;
}

/** The registry with the `count` largest-known coins first listed by DefiLlama and CoinGecko, metals and euro coins among them. */
function copyRegistry(dataDir: string, count: number): Registry {
  const home = loadRegistry(join(HOME, "data"));
  const quoted = home.coins.filter(
    (coin) => coin.status.state === "active" && coin.ids.defillama && coin.ids.coingecko && !coin.variantOf,
  );
  const others = quoted.filter((coin) => coin.peg.currency !== "USD").slice(0, Math.floor(count / 4));
  const chosen = [...others, ...quoted.filter((coin) => coin.peg.currency === "USD")].slice(0, count);
  mkdirSync(join(dataDir, "registry", "coins"), { recursive: true });
  for (const file of ["chains.json", "upstreams.json", "corrections.json"]) {
    cpSync(join(HOME, "data", "registry", file), join(dataDir, "registry", file));
  }
  writeFileSync(join(dataDir, "registry", "doubts.json"), '{"doubts": []}\n');
  for (const coin of chosen) {
    // Feeds may name coins that are not among the chosen ones.
    const priceFeeds = coin.priceFeeds.filter((feed) => !("via" in feed) && !("parent" in feed));
    writeFileSync(join(dataDir, "registry", "coins", `${coin.id}.json`), JSON.stringify({ ...coin, priceFeeds }));
  }
  return { ...home, coins: chosen };
}

export async function smallWorld(
  options: { coins?: number; seed?: number; incidents?: readonly IncidentScript[] } = {},
): Promise<SmallWorld> {
  const root = mkdtempSync(join(tmpdir(), "plumbline-test-"));
  const dataDir = join(root, "data");
  copyRegistry(dataDir, options.coins ?? 70);
  const registry = loadRegistry(dataDir);
  const simulator = await startSimulator({
    seed: options.seed ?? 7,
    coins: registry.coins,
    nowSec: START_SEC,
    incidents: options.incidents ?? [],
  });
  const upstreamsFile = join(root, "upstreams.json");
  writeFileSync(upstreamsFile, JSON.stringify(simulator.overrides));
  return {
    root,
    dataDir,
    registry,
    simulator,
    upstreamsFile,
    run(nowSec, more = {}) {
      simulator.setNow(nowSec);
      return runOnce({ dataDir, nowSec, seed: "test", overrides: simulator.overrides, env: {}, ...more });
    },
    async close() {
      await simulator.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
