/**
 * The simulator on a thread of its own, as upstreams are machines of their own: what it costs to play the world is no time of a run.
 *
 * Whoever wants the world's truth or its faults starts the simulator itself.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { SimulatorOptions, SimulatorOverrides } from "./simulator.ts";

export interface SimulatorThread {
  overrides: SimulatorOverrides;
  /** Resolves once requests are answered as of `sec`, unix seconds. */
  setNow(sec: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts it with what a thread can be given: plain values, no functions. Rejects with what the thread failed of. */
export async function startSimulatorThread(options: SimulatorOptions): Promise<SimulatorThread> {
  const worker = new Worker(new URL("./simulator-worker.ts", import.meta.url), { workerData: options });
  const answer = async () => (await once(worker, "message"))[0];
  return {
    overrides: await answer(),
    async setNow(sec) {
      worker.postMessage(sec);
      await answer();
    },
    async close() {
      const ended = once(worker, "exit");
      worker.postMessage(null);
      await ended;
    },
  };
}
