/**
 * Prices under fire: small simulated worlds in which venues drift, lie alone or in pairs, freeze, fall silent or answer rubbish, and what
 * must hold in every one of them whatever the seed.
 *
 * A price called `high` is never further from the truth than sources may lie apart, unless half of the independent families that
 * spoke were corrupted (at a tie the method decides by weight, not by truth); no snapshot is ever invalid; and a price is never
 * missing where an honest quote was let stand.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { familyOf } from "../price-sources.ts";
import { readSnapshot } from "../publish/read-snapshot.ts";
import { loadRegistry, type Registry } from "../registry/registry.ts";
import { runOnce } from "../run.ts";
import type { Coin } from "../schema/coin.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import type { Fault, FaultKind } from "../simulator/faults.ts";
import type { IncidentScript } from "../simulator/incidents.ts";
import { keyOf, unit } from "../simulator/noise.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";
import { invariantProblems } from "../verify.ts";
import type { Benchmark } from "./benchmark.ts";

const START_SEC = Date.UTC(2026, 10, 20, 9) / 1000;
const EPOCH_SEC = START_SEC - 86_400;
const RUN_SEC = 1_800;
const RUNS = 2;
const COINS = 24;
/** Oldest observation that takes part in a consensus, and with it the oldest truth it may tell. */
const OLDEST_SEC = 900;
const STEP_SEC = 60;
const WIDTH_BPS = { fixed: 50, nav: 500 };
/** A venue's own noise and rounding are no lie. */
const NOISE_BPS = 10;

/** Upstream ids by the source key they speak under. */
const UPSTREAM_OF: Readonly<Record<string, string>> = {
  binance: "binance",
  bitstamp: "bitstamp",
  coinbase: "coinbase",
  coingecko: "coingecko",
  "coingecko-native-implied": "coingecko",
  "defillama-list": "defillama",
  "defillama-contract": "defillama-coins",
  "dexpaprika-address": "dexpaprika",
  geckoterminal: "geckoterminal",
  jupiter: "jupiter",
  kraken: "kraken",
  pyth: "pyth-hermes",
  redstone: "redstone",
  "curve-onchain": "curve-onchain",
  "curve-oracle": "curve-onchain",
};
const LIARS = [...new Set(Object.values(UPSTREAM_OF))].sort();
const FAULTS: readonly FaultKind[] = [
  "status",
  "reset",
  "truncate",
  "wrong-types",
  "nan",
  "stale",
  "html",
  "empty",
  "deep-nesting",
];

/** Draws that are the same for the same seed, each under a name of its own. */
function draws(seed: number) {
  const at = (name: string) => unit(keyOf(`price-world/${seed}/${name}`));
  return {
    at,
    pick: <Item>(name: string, items: readonly Item[]): Item => items[Math.floor(at(name) * items.length)] as Item,
  };
}

let home: Registry | undefined;

/** The coins with most feeds and a few others; parents of wrappers come with them. */
function coinsOf(seed: number, all: readonly Coin[]): Coin[] {
  const { at } = draws(seed);
  const active = all.filter((coin) => coin.status.state === "active" && coin.ids.defillama && coin.ids.coingecko);
  const fed = [...active].sort((a, b) => b.priceFeeds.length - a.priceFeeds.length).slice(0, COINS / 2);
  const others = active.filter((coin) => !fed.includes(coin)).sort((a, b) => at(a.id) - at(b.id));
  const chosen = [...fed, ...others.slice(0, COINS / 2)];
  const parents = chosen.flatMap(({ priceFeeds }) =>
    priceFeeds.flatMap((feed) => ("parent" in feed ? [feed.parent] : "via" in feed && feed.via ? [feed.via] : [])),
  );
  const missing = all.filter((coin) => parents.includes(coin.id) && !chosen.includes(coin));
  return [...chosen, ...missing];
}

function incidentsOf(seed: number, coins: readonly Coin[]): IncidentScript[] {
  const { at, pick } = draws(seed);
  const whole = { afterSec: 0, durationSec: 30 * 86_400 };
  const script: IncidentScript[] = [];
  const liars = 1 + Math.floor(at("liars") * 5);
  for (let n = 0; n < liars; n++) {
    const coin = pick(`coin ${n}`, coins).id;
    const upstreams = at(`pair ${n}`) < 0.4 ? [pick(`a ${n}`, LIARS), pick(`b ${n}`, LIARS)] : [pick(`a ${n}`, LIARS)];
    const maxBps = Math.round((at(`bps ${n}`) - 0.5) * 4_000);
    for (const upstream of upstreams)
      script.push(
        at(`kind ${n}`) < 0.5
          ? { kind: "drifting-venue", upstream, coin, bpsPerHour: maxBps, maxBps, ...whole }
          : { kind: "lying-venue", upstream, coin, lie: at(`lie ${n}`) < 0.5 ? "par" : "decimals", ...whole },
      );
  }
  if (at("depeg") < 0.7)
    script.push({
      kind: "depeg",
      coin: pick("depegged", coins).id,
      shape: pick("shape", ["dip", "bleed", "collapse"] as const),
      floorRatio: 0.2 + 0.79 * at("floor"),
      afterSec: 86_400 - Math.round(at("since") * 3 * 3_600),
      durationSec: 6 * 3_600,
    });
  if (at("stale") < 0.3) script.push({ kind: "stale-feed", upstream: pick("stale feed", LIARS), ...whole });
  if (at("outage") < 0.4)
    script.push({ kind: "outage", upstream: pick("outage", LIARS), status: pick("code", [429, 500, 503]), ...whole });
  return script;
}

function faultsOf(seed: number, run: number): Fault[] {
  const { at, pick } = draws(seed);
  const count = Math.floor(at(`faults ${run}`) * 4);
  return Array.from(
    { length: count },
    (_, n): Fault => ({
      upstream: pick(`fault ${run}.${n}`, [...LIARS, "gold-api", "frankfurter", "rpc"]),
      kind: pick(`fault kind ${run}.${n}`, FAULTS),
      bytes: 4_096,
      ageSec: 3_600,
    }),
  );
}

/** Whether what an upstream says of a coin is not what it truly sees. */
function isCorrupted(simulator: Simulator, faults: readonly Fault[], upstream: string, coinId: string, now: number) {
  const active = simulator.world.truth.incidents.filter(({ startSec, endSec }) => now >= startSec && now < endSec);
  return (
    active.some(
      (one) =>
        (one.kind === "drifting-venue" || one.kind === "lying-venue") &&
        one.upstream === upstream &&
        one.coin === coinId,
    ) ||
    active.some((one) => one.kind === "stale-feed" && one.upstream === upstream) ||
    faults.some((fault) => fault.kind === "stale" && (fault.upstream === upstream || upstream.startsWith("curve")))
  );
}

/** Half or more of the independent families that spoke, or of its parent's where the price is a redemption. */
function isExempt(
  asset: PeggedAsset,
  coin: Coin,
  assets: readonly PeggedAsset[],
  isBad: (key: string, id: string) => boolean,
): boolean {
  const parentFeed = coin.priceFeeds.find((feed) => feed.kind === "redeem-parent" || feed.kind === "erc4626-parent");
  if (asset.priceSource === "protocol-redeem" && parentFeed && "parent" in parentFeed) {
    const parent = assets.find(({ id }) => id === parentFeed.parent);
    return parent?.priceConfidence !== "high" || isExempt(parent, coin, assets, isBad);
  }
  const via = coin.priceFeeds.find((feed) => feed.kind === "curve-pool");
  const families = Map.groupBy(asset.consensusSources, familyOf);
  const bad = [...families.values()].filter((keys) =>
    keys.some((key) => isBad(key, asset.id) || (key === "curve-onchain" && via?.via && isBad(key, via.via))),
  );
  return bad.length * 2 >= families.size;
}

interface Range {
  least: number;
  most: number;
}

/**
 * Where the truth lay in the last minutes: sources look at different moments, and what lies between two truths is no error. A redemption
 * multiplies what two moments say, the parent's price and the conversion, so its truth lies between the products; the row states the
 * older moment as its own. A real wrapper moves with its parent; a simulated one keeps to its own truth, and its conversion makes up
 * at once for what the parent's quotes show minutes later (seed 407), which no lane can see.
 */
function truthOf(asset: PeggedAsset, coin: Coin, world: Simulator["world"], now: number): Range {
  const moments = Array.from({ length: OLDEST_SEC / STEP_SEC + 1 }, (_, n) => now - n * STEP_SEC);
  const rangeOf = (values: (number | null)[]): Range => {
    const known = values.filter((value) => value !== null);
    return { least: Math.min(...known), most: Math.max(...known) };
  };
  const feed = coin.priceFeeds.find(({ kind }) => kind === "redeem-parent" || kind === "erc4626-parent");
  if (asset.priceSource !== "protocol-redeem" || !feed || !("parent" in feed))
    return rangeOf(moments.map((at) => world.truePriceUsd(asset.id, at) ?? asset.price));
  const parents = moments.map((at) => world.truePriceUsd(feed.parent, at));
  const parent = rangeOf(parents);
  const ratio = rangeOf(
    moments.map((at, n) => (world.truePriceUsd(asset.id, at) ?? Number.NaN) / (parents[n] ?? Number.NaN)),
  );
  return { least: parent.least * ratio.least, most: parent.most * ratio.most };
}

function highPricesOf(
  assets: readonly PeggedAsset[],
  coins: readonly Coin[],
  simulator: Simulator,
  faults: readonly Fault[],
  now: number,
): string[] {
  const problems: string[] = [];
  const isBad = (key: string, id: string) => isCorrupted(simulator, faults, UPSTREAM_OF[key] ?? key, id, now);
  for (const asset of assets) {
    const coin = coins.find(({ id }) => id === asset.id) as Coin;
    if (asset.price === null && asset.priceReason === null) problems.push(`${asset.id} has neither price nor reason`);
    if (asset.price === null || asset.priceConfidence !== "high" || isExempt(asset, coin, assets, isBad)) continue;
    const width = ((coin.navToken ? WIDTH_BPS.nav : WIDTH_BPS.fixed) + NOISE_BPS) / 10_000;
    const { least, most } = truthOf(asset, coin, simulator.world, now);
    if (asset.price >= least * (1 - width) && asset.price <= most * (1 + width)) continue;
    problems.push(
      `${asset.id} is high at ${asset.price}, the truth lies in ${least.toPrecision(6)}..${most.toPrecision(6)} (${asset.priceSource})`,
    );
  }
  return problems;
}

/** One world of `seed`, lived for two runs; what did not hold, empty when all did. */
export async function livePriceWorld(seed: number): Promise<string[]> {
  home ??= loadRegistry(resolve(import.meta.dirname, "..", "..", "data"));
  const coins = coinsOf(seed, home.coins);
  const registry: Registry = {
    ...home,
    coins,
    coinById: new Map(coins.map((coin) => [coin.id, coin])),
    coinByLlamaId: new Map(coins.flatMap((coin) => (coin.ids.defillama ? [[coin.ids.defillama, coin] as const] : []))),
  };
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-world-"));
  const incidents = incidentsOf(seed, coins);
  const simulator = await startSimulator({ seed, coins, epochSec: EPOCH_SEC, nowSec: START_SEC, incidents });
  const problems: string[] = [];
  try {
    for (let run = 0; run < RUNS; run++) {
      const nowSec = START_SEC + run * RUN_SEC;
      const faults = faultsOf(seed, run);
      simulator.setNow(nowSec);
      simulator.setFaults(faults);
      const before = readSnapshot(dataDir, "stablecoins");
      const { manifest } = await runOnce({
        dataDir,
        nowSec,
        seed: String(seed),
        overrides: simulator.overrides,
        registry,
        env: {},
        lanes: ["fx", "supply", "prices"],
      });
      const after = readSnapshot(dataDir, "stablecoins");
      const lane = manifest?.lanes.find(({ lane }) => lane === "prices");
      const isNew = after?.generatedAt === nowSec;
      if (!isNew && JSON.stringify(before) !== JSON.stringify(after)) problems.push("the last good snapshot changed");
      if (!isNew && lane?.status === "ok") problems.push("the lane says ok and published nothing");
      if (!after || !isNew) continue;
      problems.push(...invariantProblems(after.data));
      problems.push(...highPricesOf(after.data.peggedAssets, coins, simulator, faults, nowSec));
      const quotes = readSnapshot(dataDir, "price-quotes")?.data.quotes ?? {};
      for (const asset of after.data.peggedAssets)
        if (asset.price === null && quotes[asset.id]?.some(({ verdict }) => verdict !== "rejected"))
          problems.push(`${asset.id} has no price although a quote was let stand`);
    }
  } finally {
    await simulator.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
  return problems;
}

const WORLDS = 1_000;
const LIMIT_SEC = 300;

export const priceWorlds: Benchmark = {
  name: "price-worlds",
  about:
    "a thousand simulated worlds with lying and failing venues, two runs each; names every seed whose promises broke, --seed N replays one",
  async run({ log, seed: only }) {
    const startedMs = performance.now();
    const broken: number[] = [];
    const seeds = only === null ? Array.from({ length: WORLDS }, (_, index) => index + 1) : [only];
    for (const seed of seeds) {
      const problems = await livePriceWorld(seed);
      if (problems.length > 0) {
        broken.push(seed);
        log(`price-worlds: seed ${seed}: ${problems.join("; ")}`);
      }
      if (seed % 100 === 0) log(`price-worlds: ${seed} of ${WORLDS} worlds`);
    }
    const seconds = (performance.now() - startedMs) / 1000;
    return [
      {
        what: `simulated worlds in which a promise broke${broken.length > 0 ? `: seeds ${broken.join(", ")}` : ""}`,
        measured: broken.length,
        unit: `of ${seeds.length}`,
        yardstick: 0.5,
        from: "issue 3",
        better: "less",
      },
      {
        what: "the same, time",
        measured: seconds,
        unit: "s",
        yardstick: LIMIT_SEC,
        from: "issue 3, 1,000 worlds",
        better: "less",
      },
    ];
  },
};
