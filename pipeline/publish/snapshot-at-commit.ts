/** Snapshots as they were at a commit, read from git without a checkout. */
import type { SnapshotData, SnapshotName } from "../schema/datasets.ts";
import type { Envelope } from "../schema/envelope.ts";
import { unpackHeads } from "./heads.ts";
import { besideOf, slowOf } from "./packing.ts";
import { MANIFEST_PATH, parseManifest } from "./read-manifest.ts";
import { type SnapshotTexts, slowPath, snapshotPath, snapshotReader } from "./read-snapshot.ts";
import { git } from "./run-git.ts";

/** `commit` is a full object id. Null where there was none yet. Throws DataDamaged. */
export async function snapshotAtCommit<Name extends SnapshotName>(
  dataDir: string,
  commit: string,
  name: Name,
): Promise<Envelope<SnapshotData<Name>> | null> {
  const at = (path: string) =>
    git(dataDir, "show", `${commit}:./${path}`)
      .then((text) => `${text}\n`)
      .catch(() => null);
  const texts = new Map<SnapshotName, ReturnType<SnapshotTexts>>();
  for (const each of [name, ...besideOf(name).flatMap((other) => [other, ...besideOf(other)])]) {
    const text = await at(snapshotPath(each));
    const slow = slowOf(each) === null ? null : await at(slowPath(each));
    const where = `${commit}:${snapshotPath(each)}`;
    texts.set(each, text === null ? [] : [{ text: () => text, slowText: () => slow, where }]);
  }
  const where = `${commit}:${MANIFEST_PATH}`;
  const manifest = await at(MANIFEST_PATH);
  const packed = manifest === null ? undefined : parseManifest(manifest, where).heads;
  const read = snapshotReader(
    (each) => texts.get(each) ?? [],
    () => (packed ? unpackHeads(packed, where) : {}),
  );
  return read(name);
}
