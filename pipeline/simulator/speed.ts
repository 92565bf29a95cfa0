/**
 * How fast the simulator answers: the two requests a run repeats most, over the socket, each at a new simulated time.
 *
 * Run: npm exec -- tsx pipeline/simulator/speed.ts
 */
import { readdirSync, readFileSync } from "node:fs";
import type { SimCoin } from "./coin.ts";
import { startSimulator } from "./simulator.ts";

const COINS_DIR = new URL("../../data/registry/coins/", import.meta.url);
const NOW_SEC = Date.UTC(2026, 10, 20) / 1000;
const STEP_SEC = 1_800;
const ROUNDS = 100;
const IDS_PER_REQUEST = 250;

const coins = readdirSync(COINS_DIR).map((file): SimCoin => JSON.parse(readFileSync(new URL(file, COINS_DIR), "utf8")));
const simulator = await startSimulator({ seed: 1, coins, nowSec: NOW_SEC });
const { defillama, coingecko } = simulator.overrides.upstreams;
const ids = coins.flatMap((coin) => coin.ids.coingecko ?? []).slice(0, IDS_PER_REQUEST);
const requests = {
  "DefiLlama list": `${defillama}/stablecoins?includePrices=true`,
  "CoinGecko 250 prices": `${coingecko}/simple/price?ids=${ids}&vs_currencies=usd&include_last_updated_at=true`,
  "DefiLlama chart": `${defillama}/stablecoincharts/all`,
};
for (const [name, url] of Object.entries(requests)) {
  const timesMs: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    simulator.setNow(NOW_SEC - (ROUNDS - round) * STEP_SEC);
    const start = performance.now();
    bytes = (await (await fetch(url)).text()).length;
    timesMs.push(performance.now() - start);
  }
  const [first = 0] = timesMs;
  timesMs.sort((a, b) => a - b);
  const at = (share: number) => timesMs[Math.floor(share * (ROUNDS - 1))]?.toFixed(1);
  console.log(
    `${name}: ${bytes} bytes, first ${first.toFixed(1)} ms, median ${at(0.5)} ms, 95 % within ${at(0.95)} ms`,
  );
}
await simulator.close();
