/**
 * Heads of the snapshots below data/: which run published each, for when it speaks, from which sources. They lie in one file, so that a
 * run is named once and the file of a dataset changes only when what it says changes.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DataDamaged } from "../errors.ts";
import { SNAPSHOT_NAMES, type SnapshotName } from "../schema/datasets.ts";
import { EnvelopeHeadSchema } from "../schema/envelope.ts";
import { steadyJson } from "./canonical-json.ts";
import { packRow, unpackRow } from "./pack-defaults.ts";
import { eachTime, packTime, type Row, unpackTime } from "./pack-times.ts";

export const HEADS_PATH = "snapshots/heads.json";

const HeadSchema = EnvelopeHeadSchema.omit({ dataset: true, snapshotId: true });
/** What an envelope says beside the name and the content address, which stand in the dataset's own file. */
export type Head = z.infer<typeof HeadSchema>;
export type Heads = Partial<Record<SnapshotName, Head>>;

const HeadsFileSchema = z.object({
  newest: z.record(z.string(), z.unknown()),
  heads: z.partialRecord(
    z.enum(SNAPSHOT_NAMES as [SnapshotName, ...SnapshotName[]]),
    z.record(z.string(), z.unknown()),
  ),
});

/** What a head says unless it says otherwise: the newest run, a good state, data that speaks for the run's own time. */
function defaults(newest: Row): (head: Row) => Row {
  return (head) => ({ ...newest, asOf: head.generatedAt ?? newest.generatedAt, status: "fresh", reasons: [] });
}

export function headOf(envelope: Head): Head {
  return HeadSchema.parse(envelope);
}

/** The file of all heads; at least one. */
export function headsText(heads: Heads): string {
  const all = Object.entries(heads) as [SnapshotName, Head][];
  const latest = all.map(([, head]) => head).reduce((a, b) => (b.runId > a.runId ? b : a));
  const { runId, generatedAt, schemaVersion, methodologyVersion, simulated } = latest;
  const newest = { runId, generatedAt, schemaVersion, methodologyVersion, simulated };
  const packed = all.map(([name, head]) => {
    const sources = eachTime(head.sources, ["observedAt"], head.generatedAt, packTime);
    return [name, packRow({ ...head, sources }, defaults(newest))];
  });
  return steadyJson({ newest, heads: Object.fromEntries(packed) });
}

/** Throws DataDamaged, naming `where`. */
export function parseHeads(text: string, where: string): Heads {
  try {
    const file = HeadsFileSchema.parse(JSON.parse(text));
    return Object.fromEntries(
      Object.entries(file.heads).map(([name, packed]) => {
        const head = unpackRow(packed, defaults(file.newest));
        const sources = eachTime(head.sources as Row[], ["observedAt"], head.generatedAt as number, unpackTime);
        return [name, HeadSchema.parse({ ...head, sources })];
      }),
    );
  } catch (cause) {
    throw new DataDamaged("the heads of the published snapshots cannot be read", {
      code: "snapshot-damaged",
      where,
      hint: "restore data/snapshots with `git checkout -- data/snapshots`",
      cause,
    });
  }
}

/** Heads of the tree below `dataDir`; none before the first run. */
export function readHeads(dataDir: string): Heads {
  const path = join(dataDir, HEADS_PATH);
  return existsSync(path) ? parseHeads(readFileSync(path, "utf8"), path) : {};
}
