/** `plumbline status`: every dataset with its age judged as a reader would, every lane, every open circuit. */
import { freshnessStatus } from "../freshness-status.ts";
import { everySecOf } from "../lanes.ts";
import { readSnapshot } from "../publish/read-snapshot.ts";
import { SNAPSHOT_NAMES } from "../schema/datasets.ts";
import { isoSeconds } from "../time.ts";
import { runClock } from "./options.ts";

function age(seconds: number): string {
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

export async function statusCommand(flags: { data: string; now?: string }): Promise<number> {
  const nowSec = runClock(flags.now);
  const lines: string[] = [];
  for (const name of SNAPSHOT_NAMES.filter((candidate) => candidate !== "status")) {
    const snapshot = readSnapshot(flags.data, name);
    if (!snapshot) lines.push(`${name.padEnd(14)} no snapshot yet`);
    else {
      const ageSec = nowSec - snapshot.asOf;
      lines.push(
        `${name.padEnd(14)} ${freshnessStatus(ageSec, everySecOf(name), snapshot.status).padEnd(9)} as of ${isoSeconds(snapshot.asOf)}, ${age(ageSec)} old${snapshot.simulated ? ", simulated" : ""}`,
      );
    }
  }
  const status = readSnapshot(flags.data, "status")?.data;
  for (const lane of status?.lanes ?? []) {
    lines.push(
      `lane ${lane.lane}: ${lane.status}, last run ${isoSeconds(lane.lastStartedAt)}${lane.reasons.map((reason) => `; ${reason.message}`).join("")}`,
    );
  }
  for (const [name, circuit] of Object.entries(status?.circuits ?? {}))
    if (circuit.state !== "closed")
      lines.push(
        `circuit ${name}: ${circuit.state} since ${circuit.openedAt === null ? "?" : isoSeconds(circuit.openedAt)}`,
      );
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}
