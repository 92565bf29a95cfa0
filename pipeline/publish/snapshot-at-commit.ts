/** Snapshots as they were at a commit, read from git without a checkout. */
import type { SnapshotData, SnapshotName } from "../schema/datasets.ts";
import type { Envelope } from "../schema/envelope.ts";
import { listedIn } from "./heads.ts";
import { withBeside } from "./packing.ts";
import { MANIFEST_PATH, parseManifest } from "./read-manifest.ts";
import { slowPath, snapshotPath, snapshotReader } from "./read-snapshot.ts";
import { gitWithInput } from "./run-git.ts";

/** Texts of the files that are there, by path below `dataDir`, in one question to git. */
async function textsAt(dataDir: string, commit: string, paths: readonly string[]): Promise<Map<string, string>> {
  const asked = paths.map((path) => `${commit}:./${path}\n`).join("");
  const answer = Buffer.from(await gitWithInput(dataDir, asked, "cat-file", "--batch"));
  const texts = new Map<string, string>();
  let at = 0;
  for (const path of paths) {
    const end = answer.indexOf("\n", at);
    const [, type, bytes] = answer.toString("utf8", at, end < 0 ? undefined : end).split(" ");
    at = end + 1;
    if (type !== "blob") continue;
    texts.set(path, answer.toString("utf8", at, at + Number(bytes)));
    at += Number(bytes) + 1;
  }
  return texts;
}

/** `commit` is a full object id. Null where there was none yet. Throws DataDamaged. */
export async function snapshotAtCommit<Name extends SnapshotName>(
  dataDir: string,
  commit: string,
  name: Name,
): Promise<Envelope<SnapshotData<Name>> | null> {
  const paths = withBeside(name).flatMap((each) => [snapshotPath(each), slowPath(each)]);
  const texts = await textsAt(dataDir, commit, [MANIFEST_PATH, ...paths]);
  const where = `${commit}:${MANIFEST_PATH}`;
  const manifest = texts.get(MANIFEST_PATH);
  const listed = listedIn(manifest === undefined ? null : parseManifest(manifest, where), where);
  const read = snapshotReader(
    (each) => {
      const text = texts.get(snapshotPath(each));
      if (text === undefined) return [];
      const path = snapshotPath(each);
      const slow = texts.get(slowPath(each)) ?? null;
      return [{ path, text: () => text, slowText: () => slow, where: `${commit}:${path}` }];
    },
    () => listed,
  );
  return read(name);
}
