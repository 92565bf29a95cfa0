/** Mints and burns against what was promised and against public ways: how fast, at what cost in questions and bytes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Benchmark, Measurement } from "./benchmark.ts";
import { hours, live, recorded } from "./flow-speed.ts";
import { bytes, calls, quiet } from "./flow-thrift.ts";

export const flows: Benchmark = {
  name: "flows",
  about:
    "mints and burns: logs a second from a recording and from anvil, calls, hours of 10 million events, bytes an event",
  async run({ log }) {
    const folder = mkdtempSync(join(tmpdir(), "plumbline-flows-bench-"));
    try {
      const rows: Measurement[] = [];
      for (const part of [recorded, live, calls, quiet, hours, bytes]) {
        log(`flows: ${part.name}`);
        rows.push(...(await part(folder)));
      }
      return rows;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
