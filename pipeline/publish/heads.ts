/**
 * Heads of the snapshots: which run published each, for when it speaks and from which sources. They lie in the manifest, so that a run
 * is named once and the file of a dataset changes only when what it says changes.
 */
import { join } from "node:path";
import { z } from "zod";
import { unreadable } from "../errors.ts";
import { SNAPSHOT_NAMES, type SnapshotName } from "../schema/datasets.ts";
import { EnvelopeHeadSchema } from "../schema/envelope.ts";
import type { Manifest, PackedHeads } from "../schema/manifest.ts";
import { runStartedAt } from "./kept-runs.ts";
import { packRow, unpackRow } from "./pack-defaults.ts";
import { eachTime, packTime, type Row, unpackTime } from "./pack-times.ts";
import { MANIFEST_PATH, readOwnManifest } from "./read-manifest.ts";

const HeadSchema = EnvelopeHeadSchema.omit({ dataset: true, snapshotId: true });
/** What an envelope says beside the dataset's name, the data and their content address. */
export type Head = z.infer<typeof HeadSchema>;
export type Heads = Partial<Record<SnapshotName, Head>>;

const NameSchema = z.enum(SNAPSHOT_NAMES as [SnapshotName, ...SnapshotName[]]);

/** What a head says unless it says otherwise: the newest run, a good state, data that speaks for the run's own time. */
function defaults(newest: Row): (head: Row) => Row {
  return (head) => {
    const generatedAt = head.runId === undefined ? newest.generatedAt : runStartedAt(head.runId as string);
    return { ...newest, generatedAt, asOf: head.generatedAt ?? generatedAt, status: "fresh", reasons: [] };
  };
}

export function headOf(envelope: Head): Head {
  return HeadSchema.parse(envelope);
}

/** At least one head. */
export function packHeads(heads: Heads): PackedHeads {
  const all = Object.entries(heads) as [SnapshotName, Head][];
  const latest = all.map(([, head]) => head).reduce((a, b) => (b.runId > a.runId ? b : a));
  const { runId, generatedAt, schemaVersion, methodologyVersion, simulated } = latest;
  const newest = { runId, generatedAt, schemaVersion, methodologyVersion, simulated };
  const packed = all.map(([name, head]) => {
    const sources = eachTime(head.sources, ["observedAt"], head.generatedAt, packTime);
    return [name, packRow({ ...head, sources }, defaults(newest))];
  });
  return { newest, datasets: Object.fromEntries(packed) };
}

/** Throws DataDamaged, naming `where`. */
export function unpackHeads({ newest, datasets }: PackedHeads, where: string): Heads {
  try {
    return Object.fromEntries(
      Object.entries(datasets).map(([name, packed]) => {
        const head = unpackRow(packed, defaults(newest));
        const sources = eachTime(head.sources as Row[], ["observedAt"], head.generatedAt as number, unpackTime);
        return [NameSchema.parse(name), HeadSchema.parse({ ...head, sources })];
      }),
    );
  } catch (cause) {
    throw unreadable("the heads of the published snapshots cannot be read", "manifest-damaged", where, cause);
  }
}

/** What the manifest says of the snapshots: their heads, and the hash of every file by its path below data/. */
export interface Listed {
  heads: Heads;
  hashes: ReadonlyMap<string, string>;
}

/** Throws DataDamaged, naming `where`. */
export function listedIn(manifest: Manifest | null, where: string): Listed {
  return {
    heads: manifest?.heads ? unpackHeads(manifest.heads, where) : {},
    hashes: new Map(manifest?.files.map(({ path, sha256 }) => [path, sha256])),
  };
}

/** Of the tree below `dataDir`; nothing before the first run. Throws DataDamaged. */
export function readListed(dataDir: string): Listed {
  return listedIn(readOwnManifest(dataDir), join(dataDir, MANIFEST_PATH));
}
