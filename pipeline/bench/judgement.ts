/**
 * What judging costs: four years of quarter-hour prices of 400 coins replayed into depegs, and the lanes that judge in one run.
 *
 * The replayed prices are noise around par with a crisis every few months, the same in every run; most points change nothing, as in
 * the world. The lanes run once more on the demo's record, upstream answers from the simulator in the same process included.
 */
import { DEMO_END_SEC } from "../demo.ts";
import { replayDepegs } from "../pegs/replay.ts";
import { loadRegistry } from "../registry/registry.ts";
import { runOnce } from "../run.ts";
import { noise, subKey } from "../simulator/noise.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { DAY_SEC } from "../time.ts";
import type { Benchmark } from "./benchmark.ts";

const COINS = 400;
const STEP_SEC = 900;
const YEARS = 4;
const POINTS = Math.round((YEARS * 365.25 * DAY_SEC) / STEP_SEC);
const REPLAY_LIMIT_SEC = 60;
const LANES_LIMIT_SEC = 3;
const LANES: readonly string[] = ["liquidity", "pegs", "safety", "yields", "freezes", "stress", "stability", "chains"];

/** Within 40 bps of par, with slow swings that cross one per cent now and then. */
function seriesOf(coin: number): [number, number][] {
  return Array.from({ length: POINTS }, (_, i): [number, number] => {
    const at = i * STEP_SEC;
    const swing = noise(subKey(coin, 1), at, 20 * DAY_SEC) ** 9 * 0.03 + noise(subKey(coin, 2), at, 7_200) * 0.002;
    return [at, 1 + swing];
  });
}

export const judgement: Benchmark = {
  name: "judgement",
  about: "four years of prices of 400 coins replayed into depegs; and the lanes that judge, in one run",
  async run({ record, log }) {
    let [spentMs, events] = [0, 0];
    for (let coin = 0; coin < COINS; coin++) {
      const points = seriesOf(coin);
      const startedMs = performance.now();
      events += replayDepegs(points, "peggedUSD", 1).length;
      spentMs += performance.now() - startedMs;
    }
    log(`judgement: ${events} depegs in ${COINS * POINTS} points`);

    const { dataDir } = await record();
    const registry = loadRegistry(dataDir);
    const nowSec = DEMO_END_SEC + 6 * 3600 + 300;
    const simulator = await startSimulator({ seed: 1, coins: registry.coins, nowSec });
    const lanes = new Map<string, number>();
    try {
      let last = performance.now();
      await runOnce({
        dataDir,
        nowSec,
        seed: "bench",
        overrides: simulator.overrides,
        registry,
        onStep(step) {
          const now = performance.now();
          if (step.startsWith("lane ")) lanes.set(step.slice(5), (now - last) / 1000);
          last = now;
        },
      });
    } finally {
      await simulator.close();
    }
    const judging = LANES.map((name) => lanes.get(name) ?? 0).reduce((sum, seconds) => sum + seconds, 0);
    return [
      {
        what: `replay of ${COINS} coins x ${POINTS} prices into ${events} depegs`,
        measured: spentMs / 1000,
        unit: "s",
        yardstick: REPLAY_LIMIT_SEC,
        from: "issue 6",
        better: "less",
      },
      {
        what: `the lanes that judge, one run (${LANES.join(", ")})`,
        measured: judging,
        unit: "s",
        yardstick: LANES_LIMIT_SEC,
        from: "issue 6",
        better: "less",
      },
      ...[...lanes].map(([name, seconds]) => ({
        what: `  ${name}`,
        measured: seconds,
        unit: "s",
        yardstick: null,
        from: "",
        better: "less" as const,
      })),
    ];
  },
};
