/** What is worth telling: coins that left their peg, came back or lost their price, lanes whose state changed, circuits that opened or closed. */
import { bps, price, utcMinute } from "../lib/format.ts";
import { absolute, apiPath, coinPath } from "../lib/paths.ts";
import type { SiteRecord } from "../lib/record.ts";
import { circuitFeed } from "./circuit-events.ts";

export interface FeedEvent {
  /** An address that never changes; also where to look. */
  id: string;
  at: number;
  title: string;
  text: string;
}

function pegEvents(record: SiteRecord): FeedEvent[] {
  return record.history.pegEvents.map(({ coinId, at, kind, priceUsd, deviationBps }) => {
    const symbol = record.registry.coinById.get(coinId)?.symbol ?? coinId;
    const where = `$${price(priceUsd)}, ${bps(deviationBps)} bps from its peg`;
    const title =
      kind === "lost-price"
        ? `${symbol} lost its price`
        : kind === "left-peg"
          ? `${symbol} left its peg: ${bps(deviationBps)} bps`
          : `${symbol} is within 1 % of its peg again`;
    return {
      id: absolute(`${coinPath(coinId)}#${kind}-${at}`),
      at,
      title,
      text: `${title}. ${kind === "lost-price" ? "No source gave a usable price" : where}, in the run of ${utcMinute(at)}.`,
    };
  });
}

function laneEvents(record: SiteRecord): FeedEvent[] {
  const before = new Map<string, string>();
  const events: FeedEvent[] = [];
  for (const run of record.runs) {
    for (const { lane, status, reasons } of run.lanes) {
      const was = before.get(lane);
      before.set(lane, status);
      if (was === undefined || was === status) continue;
      events.push({
        id: absolute(`${apiPath(`runs/${run.runId}.json`)}#lane-${lane}`),
        at: run.startedAt,
        title: `Lane ${lane}: ${was} to ${status}`,
        text: `The ${lane} lane went from ${was} to ${status}. ${reasons.map((reason) => reason.message).join("; ")}`.trim(),
      });
    }
  }
  return events;
}

/** Newest first, at most 200. */
export function feedEvents(record: SiteRecord): FeedEvent[] {
  return [...pegEvents(record), ...laneEvents(record), ...circuitFeed(record)]
    .sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))
    .slice(0, 200);
}
