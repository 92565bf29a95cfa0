/** The one reader of published snapshots: parsed, whole, checked against their schema, or absent; a damaged one is named, not guessed at. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DataDamaged } from "../errors.ts";
import { type SnapshotData, type SnapshotName, snapshotSchema } from "../schema/datasets.ts";
import { type Envelope, EnvelopeHeadSchema } from "../schema/envelope.ts";
import { canonical } from "./canonical-json.ts";
import { sha256, snapshotId } from "./hash.ts";
import { type Listed, readListed } from "./heads.ts";
import { keptDays, keptRuns, RUNS_TRIED } from "./kept-runs.ts";
import { joinSlow } from "./pack-slow.ts";
import type { Row } from "./pack-times.ts";
import { companionsOf, slowOf, unpackData } from "./packing.ts";
import { MANIFEST_PATH } from "./read-manifest.ts";

export function snapshotPath(name: SnapshotName): string {
  return `snapshots/${name}.json`;
}

/** What moves once a day or less in a snapshot that has a slow part. */
export function slowPath(name: SnapshotName): string {
  return `snapshots/slow/${name}.json`;
}

interface SnapshotText {
  /** Below data/. */
  path: string;
  text(): string;
  where: string;
  /** Text of the slow file, null without one; asked for only where the snapshot has a slow part. */
  slowText(): string | null;
}

/** Texts of a snapshot and their names for errors, the one to be served first; none where there is no snapshot. */
export type SnapshotTexts = (name: SnapshotName) => SnapshotText[];

/** Reads snapshots of one tree, each file at the most once. Throws DataDamaged when a file is not what was published. */
export type SnapshotReader = <Name extends SnapshotName>(name: Name) => Envelope<SnapshotData<Name>> | null;

function damaged(name: SnapshotName, where: string, why: string, cause: unknown): DataDamaged {
  return new DataDamaged(`the published snapshot ${name} ${why}`, {
    code: "snapshot-damaged",
    where,
    hint: "restore data/snapshots with `git checkout -- data/snapshots`; the next run of its lane writes a new one",
    cause,
  });
}

/** Refuses a file that is not the one its manifest lists: beside others, or under its head, it would say what nobody published. */
function check(name: SnapshotName, path: string, text: string, where: string, { hashes }: Listed): void {
  const hash = hashes.get(path);
  if (hash === undefined) throw damaged(name, where, `is not listed in ${MANIFEST_PATH}`, undefined);
  if (hash !== sha256(text)) throw damaged(name, where, `is not the file that ${MANIFEST_PATH} lists`, undefined);
}

function jsonOf(name: SnapshotName, text: string, where: string): Row {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(name, where, "is not JSON", error);
  }
}

function parse(name: SnapshotName, file: SnapshotText, listed: () => Listed, read: SnapshotReader): Envelope<unknown> {
  const { where } = file;
  const text = file.text();
  const json = jsonOf(name, text, where);
  // A run's own copy has its own head, and is in place before a manifest lists it.
  const isOwn = json?.runId !== undefined;
  if (!isOwn) check(name, file.path, text, where, listed());
  const head = EnvelopeHeadSchema.safeParse(isOwn ? json : { ...listed().heads[name], snapshotId: "", ...json });
  if (!head.success) throw damaged(name, where, "has no envelope", head.error);
  const beside = companionsOf(name, read);
  const apart = slowOf(name);
  let data: unknown;
  try {
    let packed = json.data;
    if (apart !== null) {
      const slowText = file.slowText();
      if (slowText === null) throw new Error("its slow file is absent");
      check(name, slowPath(name), slowText, where, listed());
      packed = joinSlow(packed as Row, JSON.parse(slowText).slow, apart);
    }
    data = unpackData(name, packed, head.data.generatedAt, beside);
  } catch (error) {
    throw damaged(name, where, "does not hold its data", error);
  }
  const parsed = snapshotSchema(name).safeParse({ ...head.data, data });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw damaged(name, where, `does not have its shape at ${issue?.path.join(".")}: ${issue?.message}`, parsed.error);
  }
  return isOwn ? parsed.data : withContentAddress(parsed.data);
}

/** The content address follows from the data, and few ask for it. */
function withContentAddress(envelope: Envelope<unknown>): Envelope<unknown> {
  let known: string | undefined;
  return Object.defineProperty(envelope, "snapshotId", {
    get() {
      known ??= snapshotId(canonical(envelope.data));
      return known;
    },
    enumerable: true,
  });
}

/** `listed` is asked when a snapshot is. */
export function snapshotReader(texts: SnapshotTexts, listed: () => Listed): SnapshotReader {
  const known = new Map<SnapshotName, Envelope<unknown> | null>();
  const read = ((name: SnapshotName) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const snapshot = firstWhole(name, texts(name), listed, read);
    known.set(name, snapshot);
    return snapshot;
  }) as SnapshotReader;
  return read;
}

/** The first text that is whole; damage is thrown only where none is. */
function firstWhole(
  name: SnapshotName,
  files: readonly SnapshotText[],
  listed: () => Listed,
  read: SnapshotReader,
): Envelope<unknown> | null {
  let trouble: unknown = null;
  for (const file of files) {
    try {
      return parse(name, file, listed, read);
    } catch (error) {
      if (!(error instanceof DataDamaged)) throw error;
      trouble ??= error;
    }
  }
  if (trouble !== null) throw trouble;
  return null;
}

/** The reader of the snapshots below `dataDir`, as they are when each is first asked for. */
export function snapshotsIn(dataDir: string): SnapshotReader {
  let listed: Listed | undefined;
  const textOf = (path: string) => readFileSync(join(dataDir, path), "utf8");
  const isThere = (path: string) => existsSync(join(dataDir, path));
  const texts = (name: SnapshotName) => {
    const kept = keptDays(name) === null ? [] : keptRuns(dataDir, name).slice(0, RUNS_TRIED);
    const slow = slowPath(name);
    return (kept.length > 0 ? kept : [snapshotPath(name)]).filter(isThere).map((path) => ({
      path,
      text: () => textOf(path),
      slowText: () => (isThere(slow) ? textOf(slow) : null),
      where: join(dataDir, path),
    }));
  };
  return snapshotReader(texts, () => {
    listed ??= readListed(dataDir);
    return listed;
  });
}

/** Last published snapshot, or null when none was ever published. */
export function readSnapshot<Name extends SnapshotName>(
  dataDir: string,
  name: Name,
): Envelope<SnapshotData<Name>> | null {
  return snapshotsIn(dataDir)(name);
}
