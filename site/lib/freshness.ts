/**
 * What is late and why: one cause per lane whose data is too old, one per reason a dataset gives itself.
 *
 * Runs twice: at build time with the data's own word, and in the reader's browser with the reader's clock. A simulated record
 * is judged against its own present (its newest run), since its clock is simulated too.
 */
import { freshnessStatus } from "../../pipeline/freshness-status.ts";
import type { DatasetStatus, Reason } from "../../pipeline/schema/envelope.ts";

export interface Watched {
  dataset: string;
  lane: string;
  intervalSec: number;
  /** Unix seconds. */
  asOf: number;
  status: DatasetStatus;
  reasons: Reason[];
}

export interface Cause {
  /** Stable: the same cause has the same key on every page. */
  key: string;
  status: Exclude<DatasetStatus, "fresh">;
  text: string;
}

function ageText(seconds: number): string {
  if (seconds < 5400) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`;
}

/** The word before the text: late is only what is old, a run that complained is degraded. */
export function causeWord({ key, status }: Pick<Cause, "key" | "status">): string {
  if (status === "stale") return "Stale.";
  return key.startsWith("late:") ? "Late." : "Degraded.";
}

const WORST_FIRST: DatasetStatus[] = ["stale", "degraded", "fresh"];

/** `nowSec` null judges by the data's own word only. */
export function freshnessCauses(watched: readonly Watched[], nowSec: number | null): Cause[] {
  const causes = new Map<string, Cause>();
  const add = (cause: Cause) => {
    const known = causes.get(cause.key);
    if (!known || WORST_FIRST.indexOf(cause.status) < WORST_FIRST.indexOf(known.status)) causes.set(cause.key, cause);
  };
  for (const { lane, intervalSec, asOf, status, reasons, dataset } of watched) {
    const ageSec = nowSec === null ? 0 : nowSec - asOf;
    const byAge = freshnessStatus(ageSec, intervalSec);
    if (byAge !== "fresh")
      add({
        key: `late:${lane}`,
        status: byAge,
        text: `The ${lane} lane is ${byAge === "stale" ? "stale" : "late"}: its newest data is ${ageText(ageSec)} old, and it should come every ${ageText(intervalSec)}.`,
      });
    if (status === "fresh") continue;
    if (reasons.length === 0)
      add({ key: `said:${lane}`, status, text: `The run that published ${dataset} called it ${status}.` });
    for (const reason of reasons) add({ key: `said:${reason.code}`, status, text: `${lane}: ${reason.message}` });
  }
  return [...causes.values()].sort((a, b) => WORST_FIRST.indexOf(a.status) - WORST_FIRST.indexOf(b.status));
}
