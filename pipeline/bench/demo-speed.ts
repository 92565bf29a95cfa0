/** How long the demo's pipeline takes: its runs and backfills over the simulator, every registry coin, 35 days of history. */
import type { Benchmark } from "./benchmark.ts";

const LIMIT_SEC = 20;

export const demoSpeed: Benchmark = {
  name: "demo",
  about: "the demo's pipeline part, wall time in one process",
  async run({ record }) {
    const { result } = await record();
    return [
      {
        what: `demo, pipeline part (${result.runs} runs, ${result.backfills} backfills, ${result.requests} requests)`,
        measured: result.seconds,
        unit: "s",
        yardstick: LIMIT_SEC,
        from: "issue 2",
        better: "less",
      },
      {
        what: "  full runs a second",
        measured: result.runs / result.seconds,
        unit: "runs/s",
        yardstick: null,
        from: "",
        better: "more",
      },
    ];
  },
};
