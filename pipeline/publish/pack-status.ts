/**
 * Status as it lies in git: the run that most lanes last ran in is named once, what follows from a lane's last run or a source's last try
 * is left out, times near the run's own are ages.
 */
import type { Status } from "../schema/status.ts";
import { runStartedAt } from "./kept-runs.ts";
import { packRow, unpackRow } from "./pack-defaults.ts";
import { eachTime, packTime, type Row, unpackTime } from "./pack-times.ts";

/** A lane that published in its last run, which is the newest one where none is named. */
function laneFields(newestRunId: string): (lane: Row) => Row {
  return ({ lastRunId = newestRunId }) => {
    const startedAt = runStartedAt(lastRunId as string);
    return { lastRunId: newestRunId, lastStartedAt: startedAt, lastPublishedAt: startedAt };
  };
}

/** A source that answered when it was last asked. */
function sourceFields({ lastTriedAt }: Row): Row {
  return { lastOkAt: lastTriedAt };
}

const SOURCE_TIMES = ["lastTriedAt", "lastOkAt"];
const CIRCUIT_TIMES = ["lastSuccessAt", "lastFailureAt"];

export function packStatus(data: Status, generatedAt: number): Row {
  const newestRunId = data.lanes.reduce((newest, { lastRunId }) => (lastRunId > newest ? lastRunId : newest), "");
  const sources = data.sources.map((source) => packRow(source, sourceFields));
  return {
    ...data,
    newestRunId,
    lanes: data.lanes.map((lane) => packRow(lane, laneFields(newestRunId))),
    sources: eachTime(sources, SOURCE_TIMES, generatedAt, packTime),
    circuits: eachTime(data.circuits, CIRCUIT_TIMES, generatedAt, packTime),
  };
}

type Packed = Row & { newestRunId: string; lanes: Row[]; sources: Row[]; circuits: Record<string, Row> };

export function unpackStatus({ newestRunId, lanes, sources, circuits, ...data }: Packed, generatedAt: number): Row {
  const timed = eachTime(sources, SOURCE_TIMES, generatedAt, unpackTime) as Row[];
  return {
    ...data,
    lanes: lanes.map((lane) => unpackRow(lane, laneFields(newestRunId))),
    sources: timed.map((source) => unpackRow(source, sourceFields)),
    circuits: eachTime(circuits, CIRCUIT_TIMES, generatedAt, unpackTime),
  };
}
