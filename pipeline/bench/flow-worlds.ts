/** A thousand simulated chains with faults, reorganisations, kills and races: the record must equal the truth every time. */
import { liveFlowWorld } from "../test-support/flow-world.ts";
import type { Benchmark } from "./benchmark.ts";

const WORLDS = 1000;

export const flowWorlds: Benchmark = {
  name: "flow-worlds",
  about: `${WORLDS} unruly chains: events and hours equal the truth; a failing seed is printed`,
  async run({ log }) {
    let wrong = 0;
    let events = 0;
    for (let seed = 1; seed <= WORLDS; seed++) {
      const account = await liveFlowWorld(seed);
      events += account.events;
      if (account.wrong.length > 0) {
        wrong += 1;
        log(`flow-worlds: seed ${seed}: ${account.wrong[0]}`);
      }
      if (seed % 100 === 0) log(`flow-worlds: ${seed} of ${WORLDS}, ${wrong} wrong`);
    }
    return [
      {
        what: "flows, worlds that differ from the truth",
        measured: wrong,
        unit: "of 1,000",
        yardstick: 0,
        from: "we promise",
        better: "less",
      },
      {
        what: "flows, events of those worlds",
        measured: events,
        unit: "events",
        yardstick: null,
        from: "information",
        better: "more",
      },
    ];
  },
};
