/** The commit of a run, in words: what was published, from how much, and what moved since the last one. */
import type { SnapshotData } from "../schema/datasets.ts";
import type { Envelope } from "../schema/envelope.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import { isoSeconds } from "../time.ts";
import { describeChanges } from "./describe-changes.ts";

type StablecoinsSnapshot = Envelope<SnapshotData<"stablecoins">> | null;

export function commitMessage(run: RunManifest, before: StablecoinsSnapshot, after: StablecoinsSnapshot): string {
  const priced = after?.data.peggedAssets.filter((asset) => asset.price !== null).length ?? 0;
  const answered = run.sources.filter((source) => source.ok).length;
  const worldOrSimulation = run.simulated ? "simulated snapshot" : "snapshot";
  const subject = `data: ${isoSeconds(run.startedAt).slice(0, 16)}Z ${worldOrSimulation} (${priced} coins priced, ${answered}/${run.sources.length} sources)`;
  const lanes = run.lanes.map(
    (lane) => `${lane.lane}: ${lane.status}${lane.reasons.map((reason) => `; ${reason.message}`).join("")}`,
  );
  return [
    subject,
    "",
    ...lanes,
    "",
    ...describeChanges(before, after),
    "",
    `run ${run.runId}, method ${run.methodologyVersion}`,
  ].join("\n");
}
