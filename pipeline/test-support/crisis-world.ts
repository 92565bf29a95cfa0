/**
 * Small simulated worlds with crises of known truth, lived run by run with one upstream broken at a time and venues that lie.
 *
 * What must hold whatever the seed: a coin truly off its peg for longer than two runs is found within two, none is invented, none is
 * ended while it is deep, and what is over is ended within two runs. The truth is compared with a margin for the width within which
 * sources count as agreeing. Finding is asked only where the method itself can decide: where the honest families among a coin's
 * voices outnumber the broken ones and suffice, and, for a large coin or an extreme move, where Binance is there to confirm. Where
 * those voices lie apart in a fast fall the method waits for confirmation; the coin must then be seen waiting, and is counted apart.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { depegThresholdBps } from "../peg-bounds.ts";
import { supplyUsd } from "../peg-figures.ts";
import { familyOf } from "../price-sources.ts";
import { primaryTrust } from "../primary-trust.ts";
import { readSnapshot } from "../publish/read-snapshot.ts";
import { loadRegistry, type Registry } from "../registry/registry.ts";
import { runOnce } from "../run.ts";
import type { Coin } from "../schema/coin.ts";
import type { DepegEvent } from "../schema/depegs.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import type { Fault, FaultKind } from "../simulator/faults.ts";
import type { DepegShape, IncidentScript } from "../simulator/incidents.ts";
import { keyOf, unit } from "../simulator/noise.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";

const START_SEC = Date.UTC(2026, 10, 20, 9) / 1000;
const EPOCH_SEC = START_SEC - 86_400;
const RUN_SEC = 1_800;
const RUNS = 12;
const LANES = ["supply", "liquidity", "prices", "pegs"];
const FED_COINS = 14;
/** The supply list is believed from fifty coins on; these fill it and are quoted by aggregators alone. */
const OTHER_COINS = 38;
const CRISES = 5;
/** Sources within 50 bps agree, and a venue's own noise is no depeg. */
const MARGIN_BPS = 60;
/** Oldest observation that takes part in a consensus. */
const OLDEST_SEC = 900;
const STEP_SEC = 150;
/** Smaller coins are not judged live. */
const SUPPLY_FLOOR_USD = 1e6;
const LARGE_CAP_USD = 1e9;
const EXTREME_BPS = 5_000;

/** Upstream ids by the source key they speak under. */
const UPSTREAM_OF: Readonly<Record<string, string>> = {
  "coingecko-native-implied": "coingecko",
  "defillama-list": "defillama",
  "defillama-contract": "defillama-coins",
  "dexpaprika-address": "dexpaprika",
  pyth: "pyth-hermes",
  "curve-oracle": "curve-onchain",
};
const VENUES = ["binance", "kraken", "coinbase", "bitstamp", "coingecko", "defillama", "pyth-hermes", "redstone"];
const KINDS: readonly FaultKind[] = ["status", "html", "empty", "truncate", "wrong-types", "stale"];
const SHAPES: readonly DepegShape[] = ["dip", "bleed", "collapse", "vee", "double-dip"];

function draws(seed: number) {
  const at = (name: string) => unit(keyOf(`crisis/${seed}/${name}`));
  return {
    at,
    pick: <Item>(name: string, items: readonly Item[]): Item => items[Math.floor(at(name) * items.length)] as Item,
  };
}

let home: Registry | undefined;

/** Dollar coins with many feeds, and others without any of their own. */
function coinsOf(seed: number, all: readonly Coin[]): Coin[] {
  const { at } = draws(seed);
  const plain = all.filter(
    (coin) =>
      coin.status.state === "active" &&
      coin.peg.currency === "USD" &&
      coin.navToken !== true &&
      coin.ids.defillama &&
      coin.ids.coingecko &&
      coin.priceFeeds.every((feed) => !("parent" in feed) && !("via" in feed && feed.via)),
  );
  const byFeeds = [...plain].sort((a, b) => b.priceFeeds.length - a.priceFeeds.length || (a.id < b.id ? -1 : 1));
  const shuffled = (list: readonly Coin[]) => [...list].sort((a, b) => at(`order ${a.id}`) - at(`order ${b.id}`));
  return [
    ...shuffled(byFeeds.slice(0, 2 * FED_COINS)).slice(0, FED_COINS),
    ...shuffled(byFeeds.slice(2 * FED_COINS))
      .slice(0, OTHER_COINS)
      .map((coin) => ({ ...coin, priceFeeds: [] })),
  ];
}

function incidentsOf(seed: number, coins: readonly Coin[]): IncidentScript[] {
  const { at, pick } = draws(seed);
  const script: IncidentScript[] = [];
  for (let n = 0; n < CRISES; n++) {
    const isUp = at(`up ${n}`) < 0.25;
    // From just over the margin to nearly all of it; above, no price over 1.19 is believed.
    const depth = isUp ? 0.018 + 0.1 * at(`depth ${n}`) : 0.018 + 0.6 * at(`depth ${n}`) ** 3;
    script.push({
      kind: "depeg",
      coin: (coins[n] as Coin).id,
      shape: pick(`shape ${n}`, SHAPES),
      floorRatio: isUp ? 1 + depth : 1 - depth,
      afterSec: 86_400 + Math.round((0.5 + 2.5 * at(`after ${n}`)) * RUN_SEC),
      durationSec: Math.round((3 + 4 * at(`for ${n}`)) * RUN_SEC),
    });
  }
  for (let n = 0; n < 2; n++) {
    const coin = pick(`lied about ${n}`, coins).id;
    const upstream = pick(`liar ${n}`, VENUES);
    const maxBps = Math.round((at(`lie bps ${n}`) - 0.5) * 4_000);
    const whole = { afterSec: 86_400 + 2 * RUN_SEC, durationSec: 86_400 };
    script.push(
      at(`drift ${n}`) < 0.5
        ? { kind: "drifting-venue", upstream, coin, bpsPerHour: maxBps, maxBps, ...whole }
        : { kind: "lying-venue", upstream, coin, lie: at(`lie ${n}`) < 0.7 ? "par" : "decimals", ...whole },
    );
  }
  return script;
}

/** One upstream is broken at a time, for three runs, from the second run on; sometimes none. */
function faultOf(seed: number, run: number): Fault | null {
  const { at, pick } = draws(seed);
  const block = Math.floor(run / 3);
  if (run === 0 || at(`broken ${block}`) < 0.3) return null;
  return { upstream: pick(`broken one ${block}`, VENUES), kind: pick(`kind ${block}`, KINDS), ageSec: 3_600 };
}

const upstreamOf = (key: string) => UPSTREAM_OF[key] ?? key;

/** Signed bps from the peg; the moment nearest to it and the moment farthest from it in the last minutes. */
function deviations(world: Simulator["world"], coinId: string, nowSec: number): number[] {
  return Array.from({ length: OLDEST_SEC / STEP_SEC + 1 }, (_, n) => {
    const usd = world.truePriceUsd(coinId, nowSec - n * STEP_SEC);
    return usd === null ? 0 : (usd - 1) * 10_000;
  });
}

type Side = DepegEvent["direction"];

/** The side on which a coin surely is: off by more than threshold and margin all the time, inside by the margin all the time, or neither. */
function sureSide(bps: readonly number[], thresholdBps: number): Side | "inside" | null {
  if (bps.every((value) => value >= thresholdBps + MARGIN_BPS)) return "above";
  if (bps.every((value) => value <= -thresholdBps - MARGIN_BPS)) return "below";
  return bps.every((value) => Math.abs(value) <= thresholdBps - MARGIN_BPS) ? "inside" : null;
}

function mayBeOff(bps: readonly number[], side: Side, thresholdBps: number): boolean {
  const least = thresholdBps - MARGIN_BPS;
  return bps.some((value) => (side === "above" ? value >= least : value <= -least));
}

export interface CrisisAccount {
  /** What did not hold, with run and coin. */
  wrong: string[];
  /** Times a coin was off for longer than two runs and the method could decide. */
  judged: number;
  /** Of these, in sight of everybody but waiting: the sources that may decide lay apart while the price fell, and nobody else confirmed. */
  waiting: number;
  /** Depeg events in the record at the end. */
  events: number;
  /** What was scripted, for a reader who replays the seed. */
  story: string[];
}

function usdOf(asset: PeggedAsset | undefined): number {
  return (asset && supplyUsd(asset)) ?? 0;
}

/** What a coin's voices were in the calm first run, and whether they suffice without the broken ones. */
function canDecide(calm: PeggedAsset | undefined, broken: ReadonlySet<string>, extreme: boolean): boolean {
  if (!calm) return false;
  const honest = calm.agreeSources.filter((key) => !broken.has(upstreamOf(key)));
  const bad = calm.agreeSources.filter((key) => broken.has(upstreamOf(key)));
  const families = (keys: readonly string[]) => new Set(keys.map(familyOf)).size;
  const trust = primaryTrust({ ...calm, agreeSources: honest, priceConfidence: "high" }, calm.priceObservedAt ?? 0);
  if (trust !== "authoritative" || families(honest) < 2 || families(honest) <= families(bad)) return false;
  const needsConfirmation = extreme || usdOf(calm) > LARGE_CAP_USD * 0.9;
  return !needsConfirmation || honest.includes("binance");
}

/** The world of `seed`, lived to its end. */
export async function liveCrisisWorld(seed: number): Promise<CrisisAccount> {
  home ??= loadRegistry(resolve(import.meta.dirname, "..", "..", "data"));
  const coins = coinsOf(seed, home.coins);
  const registry: Registry = {
    ...home,
    coins,
    coinById: new Map(coins.map((coin) => [coin.id, coin])),
    coinByLlamaId: new Map(coins.flatMap((coin) => (coin.ids.defillama ? [[coin.ids.defillama, coin] as const] : []))),
  };
  const incidents = incidentsOf(seed, coins);
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-crisis-"));
  const simulator = await startSimulator({ seed, coins, epochSec: EPOCH_SEC, nowSec: START_SEC, incidents });
  const account: CrisisAccount = {
    wrong: [],
    judged: 0,
    waiting: 0,
    events: 0,
    story: incidents.map((one) => JSON.stringify(one)),
  };
  const calm = new Map<string, PeggedAsset>();
  /** Per coin: the side it has surely been on, since how many runs, and whether the method could decide in all of them. */
  const streaks = new Map<string, { side: Side | "inside" | null; runs: number; decidable: boolean }>();
  const known = new Map<number, DepegEvent>();
  try {
    for (let run = 0; run < RUNS; run++) {
      const nowSec = START_SEC + run * RUN_SEC;
      const fault = faultOf(seed, run);
      const wrong = (coinId: string, what: string) => account.wrong.push(`run ${run}, ${coinId}: ${what}`);
      account.story.push(`run ${run}: ${fault ? `${fault.upstream} ${fault.kind}` : "no fault"}`);
      simulator.setNow(nowSec);
      simulator.setFaults(fault ? [fault] : []);
      const { manifest } = await runOnce({
        dataDir,
        nowSec,
        seed: String(seed),
        overrides: simulator.overrides,
        registry,
        env: {},
        // Dollar coins need exchange rates once, for the lanes that ask for them.
        lanes: run === 0 ? ["fx", ...LANES] : LANES,
      });
      const pegs = manifest?.lanes.find(({ lane }) => lane === "pegs");
      const pegsRan = pegs?.publications.some(({ outcome }) => outcome === "published") ?? false;
      const assets = new Map(readSnapshot(dataDir, "stablecoins")?.data.peggedAssets.map((asset) => [asset.id, asset]));
      if (run === 0) for (const [id, asset] of assets) calm.set(id, asset);
      const events = readSnapshot(dataDir, "depeg-events")?.data.events ?? [];
      const rows = readSnapshot(dataDir, "depeg-pending")?.data.pending ?? [];
      const pending = new Map(rows.map((row) => [row.stablecoinId, row]));
      const open = new Map(
        events.filter(({ endedAt }) => endedAt === null).map((event) => [event.stablecoinId, event]),
      );

      for (const event of events) {
        const threshold = depegThresholdBps(event.pegType);
        const before = known.get(event.id);
        if (
          !before &&
          !mayBeOff(deviations(simulator.world, event.stablecoinId, event.startedAt), event.direction, threshold)
        )
          wrong(event.stablecoinId, `a depeg ${event.direction} was invented (${event.peakDeviationBps} bps)`);
        const side = sureSide(deviations(simulator.world, event.stablecoinId, nowSec), threshold);
        const wasSeenToEnd = event.endReason === "recovered" || event.endReason === "direction-flip";
        if (before?.endedAt === null && wasSeenToEnd && side === event.direction)
          wrong(event.stablecoinId, `its depeg was ended (${event.endReason}) while it is deep`);
        known.set(event.id, event);
      }

      for (const coin of coins) {
        const threshold = depegThresholdBps(coin.peg.type);
        const bps = deviations(simulator.world, coin.id, nowSec);
        const side = sureSide(bps, threshold);
        const broken = new Set([
          ...(fault ? [fault.upstream] : []),
          ...incidents.flatMap((one) =>
            "upstream" in one && "coin" in one && one.coin === coin.id ? [one.upstream] : [],
          ),
        ]);
        const extreme = bps.some((value) => Math.abs(value) >= EXTREME_BPS - MARGIN_BPS);
        // A coin without a price is not judged, and its open depeg is ended unobserved: the method's orphan rule.
        const published = assets.get(coin.id);
        const isSeen = published?.price !== null && usdOf(published) >= SUPPLY_FLOOR_USD;
        const decidable = pegsRan && isSeen && canDecide(calm.get(coin.id), broken, extreme);
        const last = streaks.get(coin.id);
        const before = last?.side === side ? last : undefined;
        const streak = {
          side,
          runs: (before?.runs ?? 0) + 1,
          decidable: decidable && (before?.decidable ?? true),
        };
        streaks.set(coin.id, streak);
        const event = open.get(coin.id);
        if (incidents.some((one) => one.kind === "depeg" && one.coin === coin.id))
          account.story.push(
            `  ${coin.id}: in truth ${bps[0]?.toFixed(0)} bps, published ${published?.deviationBps} by ${published?.agreeSources.join("+")}, ${event ? `open ${event.direction}` : "no depeg"}${streak.decidable ? "" : ", not for the method to decide"}`,
          );
        if (side === null || !streak.decidable || streak.runs < 2) continue;
        if (side === "inside") {
          if (event && streak.runs > 2) wrong(coin.id, `its depeg is still open ${streak.runs} runs after it was over`);
          continue;
        }
        if (streak.runs === 2) account.judged++;
        const isDoubted = published !== undefined && primaryTrust(published, nowSec) !== "authoritative";
        const waits = isDoubted && pending.get(coin.id)?.direction === side;
        if (waits && event === undefined && streak.runs === 2) account.waiting++;
        if (event?.direction !== side && !waits)
          wrong(coin.id, `is ${side} its peg for ${streak.runs} runs and not found`);
      }
      account.events = events.length;
    }
  } finally {
    await simulator.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
  return account;
}
