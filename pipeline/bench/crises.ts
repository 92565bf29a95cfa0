/** A thousand simulated worlds with five crises each: every depeg that lasts is found within two runs, none is invented. */
import { liveCrisisWorld } from "../test-support/crisis-world.ts";
import type { Benchmark } from "./benchmark.ts";

const WORLDS = 1000;

export const crises: Benchmark = {
  name: "crises",
  about: `${WORLDS} worlds with crises of known truth and upstream faults; a failing seed is printed, --seed N replays one with its story`,
  async run({ log, seed: only }) {
    const seeds = only === null ? Array.from({ length: WORLDS }, (_, index) => index + 1) : [only];
    let [wrong, judged, waiting, events] = [0, 0, 0, 0];
    for (const seed of seeds) {
      const account = await liveCrisisWorld(seed);
      judged += account.judged;
      waiting += account.waiting;
      events += account.events;
      if (account.wrong.length > 0) wrong += 1;
      for (const line of account.wrong.slice(0, only === null ? 1 : 100)) log(`crises: seed ${seed}: ${line}`);
      if (only !== null) for (const line of account.story) log(`crises: ${line}`);
      if (seed % 50 === 0) log(`crises: ${seed} of ${WORLDS}, ${judged} depegs to be found, ${wrong} worlds wrong`);
    }
    return [
      {
        what: `crises, worlds in which a depeg was missed, invented, ended early or left open (${judged} to be found)`,
        measured: wrong,
        unit: `of ${seeds.length}`,
        yardstick: 0,
        from: "issue 6",
        better: "less",
      },
      {
        what: "crises, depegs that waited for confirmation in sight of everybody",
        measured: waiting,
        unit: `of ${judged}`,
        yardstick: null,
        from: "information",
        better: "less",
      },
      {
        what: "crises, depeg events of those worlds",
        measured: events,
        unit: "events",
        yardstick: null,
        from: "information",
        better: "more",
      },
    ];
  },
};
