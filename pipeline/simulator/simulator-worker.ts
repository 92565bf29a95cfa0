/** What runs on the simulator's own thread; see simulator-thread.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { type SimulatorOptions, startSimulator } from "./simulator.ts";

const simulator = await startSimulator(workerData as SimulatorOptions);
parentPort?.on("message", async (nowSec: number | null) => {
  if (nowSec === null) {
    await simulator.close();
    parentPort?.close();
  } else {
    simulator.setNow(nowSec);
    parentPort?.postMessage(nowSec);
  }
});
parentPort?.postMessage(simulator.overrides);
