/** A run in words: a table for the terminal and the same as Markdown for the CI job's summary. */
import { styleText } from "node:util";
import type { RunOutcome } from "../run.ts";
import type { LaneRun } from "../schema/run-manifest.ts";
import type { LaneStatus } from "../schema/status.ts";

const COLOURS: Record<LaneStatus, "green" | "yellow" | "red"> = { ok: "green", degraded: "yellow", error: "red" };

function outcomes(lane: LaneRun): string {
  return (
    lane.publications
      .map((publication) => `${publication.dataset} ${publication.outcome} (${publication.rows})`)
      .join(", ") || "history only"
  );
}

export function formatRun(outcome: RunOutcome, dryRun: boolean): string {
  const { manifest } = outcome;
  if (!manifest) return `Nothing is due.${outcome.committed ? " Committed what an earlier run had left." : ""}\n`;
  const width = Math.max(...manifest.lanes.map((lane) => lane.lane.length));
  const lines = manifest.lanes.flatMap((lane) => [
    `${lane.lane.padEnd(width)}  ${styleText(COLOURS[lane.status], lane.status.padEnd(8))}  ${outcomes(lane)}`,
    ...lane.reasons.map((reason) => `${" ".repeat(width + 2)}${reason.code}: ${reason.message}`),
  ]);
  const answered = manifest.sources.filter((source) => source.ok).length;
  const where = dryRun
    ? "nothing was written (--dry-run)"
    : `${outcome.changedPaths.length} files${outcome.committed ? ", committed" : ""}`;
  const simulated = manifest.simulated ? "simulated " : "";
  return `${lines.join("\n")}\n${simulated}run ${outcome.runId}: ${manifest.status}; ${answered} of ${manifest.sources.length} sources answered, ${outcome.requests} requests; ${where}\n`;
}

/** Text from upstreams may stand in a reason: nothing in it may become markup. */
function cell(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|#]/g, (mark) => `&#${mark.charCodeAt(0)};`).replaceAll("\n", " ");
}

export function markdownSummary(outcome: RunOutcome): string {
  const { manifest } = outcome;
  if (!manifest) return "## Plumbline run\n\nNothing was due.\n";
  const lanes = manifest.lanes.map(
    (lane) =>
      `| ${cell(lane.lane)} | ${lane.status} | ${cell(outcomes(lane))} | ${cell(lane.reasons.map((reason) => reason.message).join("; "))} |`,
  );
  const sources = manifest.sources.map(
    (source) =>
      `| ${cell(source.source)} | ${source.ok ? "ok" : cell(source.reason ?? "failed")} | ${cell(source.detail ?? "")} |`,
  );
  return [
    `## Plumbline ${manifest.simulated ? "simulated " : ""}run ${outcome.runId}: ${manifest.status}`,
    "",
    "| lane | status | published | why |",
    "| --- | --- | --- | --- |",
    ...lanes,
    "",
    "| source | answer | detail |",
    "| --- | --- | --- |",
    ...sources,
    "",
    "",
  ].join("\n");
}
