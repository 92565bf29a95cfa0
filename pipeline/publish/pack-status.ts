/** Status as it lies in git: times near the run's own as ages, and the run that most lanes last ran in named once. */
import type { Status } from "../schema/status.ts";
import { eachTime, packTime, type Row, type TimeChange, unpackTime } from "./pack-times.ts";

function times(data: Row, at: number, change: TimeChange): Row {
  const rows = (key: string) => data[key] as Row[] | Record<string, Row>;
  return {
    ...data,
    lanes: eachTime(rows("lanes"), ["lastStartedAt", "lastPublishedAt"], at, change),
    sources: eachTime(rows("sources"), ["lastTriedAt", "lastOkAt"], at, change),
    circuits: eachTime(rows("circuits"), ["lastSuccessAt", "lastFailureAt"], at, change),
  };
}

export function packStatus(data: Status, generatedAt: number): Row {
  const newestRunId = data.lanes.reduce((newest, { lastRunId }) => (lastRunId > newest ? lastRunId : newest), "");
  const lanes = data.lanes.map(({ lastRunId, ...lane }) => (lastRunId === newestRunId ? lane : { ...lane, lastRunId }));
  return { ...times({ ...data, lanes }, generatedAt, packTime), newestRunId };
}

export function unpackStatus(packed: Row & { newestRunId: string }, generatedAt: number): Row {
  const { newestRunId, ...data } = times(packed, generatedAt, unpackTime) as typeof packed;
  const lanes = (data.lanes as Row[]).map((lane) => ({ lastRunId: newestRunId, ...lane }));
  return { ...data, lanes };
}
