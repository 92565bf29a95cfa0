/**
 * Circuits that opened and closed, as feed items, made from the run manifests that are kept: a run without a transition stores none.
 *
 * How many were open after each is counted back from what the status says is open now. Three open circuits or more degrade the record.
 */
import { OPEN_CIRCUITS_THAT_DEGRADE } from "../../pipeline/schema/status.ts";
import { utcMinute } from "../lib/format.ts";
import { absolute, apiPath } from "../lib/paths.ts";
import type { SiteRecord } from "../lib/record.ts";
import type { FeedEvent } from "./events.ts";

export interface CircuitEvent {
  circuit: string;
  event: "open" | "close";
  at: number;
  runId: string;
  /** Circuits open after it. */
  openAfter: number;
  /** Whether the record went from well to degraded by it, or back, as far as circuits decide. */
  turnsHealth: boolean;
}

/** Newest first. */
export function circuitEvents(record: Pick<SiteRecord, "runs" | "snapshots">): CircuitEvent[] {
  const events = record.runs
    .flatMap((run) => run.circuitEvents.map((event) => ({ ...event, runId: run.runId })))
    .map((event, order) => ({ ...event, order }))
    .sort((a, b) => b.at - a.at || b.order - a.order);
  let open = record.snapshots.status?.data.openCircuits ?? 0;
  return events.map(({ circuit, event, at, runId }) => {
    const openAfter = open;
    open = Math.max(0, event === "open" ? open - 1 : open + 1);
    const isBad = (count: number) => count >= OPEN_CIRCUITS_THAT_DEGRADE;
    return { circuit, event, at, runId, openAfter, turnsHealth: isBad(openAfter) !== isBad(open) };
  });
}

export function circuitFeed(record: SiteRecord): FeedEvent[] {
  return circuitEvents(record).map(({ circuit, event, at, runId, openAfter, turnsHealth }) => {
    const title = event === "open" ? `Circuit ${circuit} opened` : `Circuit ${circuit} closed again`;
    const why =
      event === "open"
        ? "three failures in a row; one question each half hour asks whether the upstream is back"
        : "the upstream answers";
    const health = turnsHealth
      ? openAfter >= OPEN_CIRCUITS_THAT_DEGRADE
        ? " With that the record counts as degraded."
        : " With that circuits no longer degrade the record."
      : "";
    return {
      id: absolute(`${apiPath(`runs/${runId}.json`)}#circuit-${circuit}-${event}`),
      at,
      title,
      text: `${title}, in the run of ${utcMinute(at)}: ${why}. ${openAfter} open after it.${health}`,
    };
  });
}
