/** Snapshots as they were at a commit, read from git without a checkout. */
import type { SnapshotData, SnapshotName } from "../schema/datasets.ts";
import type { Envelope } from "../schema/envelope.ts";
import { HEADS_PATH, parseHeads } from "./heads.ts";
import { besideOf, slowKeyOf } from "./packing.ts";
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
    const slow = slowKeyOf(each) === null ? null : await at(slowPath(each));
    const where = `${commit}:${snapshotPath(each)}`;
    texts.set(each, text === null ? [] : [{ text: () => text, slowText: () => slow, where }]);
  }
  const heads = await at(HEADS_PATH);
  const read = snapshotReader(
    (each) => texts.get(each) ?? [],
    () => (heads === null ? {} : parseHeads(heads, `${commit}:${HEADS_PATH}`)),
  );
  return read(name);
}
