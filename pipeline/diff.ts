/** `plumbline diff A B`: what changed between two commits of the record, in words and numbers, the world apart from the method. */
import { relative } from "node:path";
import { UsageError } from "./errors.ts";
import { describeChanges } from "./publish/describe-changes.ts";
import { git } from "./publish/git.ts";
import { HEADS_PATH, parseHeads } from "./publish/heads.ts";
import { besideOf, slowKeyOf } from "./publish/packing.ts";
import { type SnapshotTexts, slowPath, snapshotPath, snapshotReader } from "./publish/read-snapshot.ts";
import type { SnapshotName } from "./schema/datasets.ts";
import { isoSeconds } from "./time.ts";

async function stablecoinsAt(dataDir: string, commit: string) {
  const root = await git(dataDir, "rev-parse", "--show-toplevel");
  const folder = relative(root, dataDir) || ".";
  const id = await git(dataDir, "rev-parse", "--verify", "--quiet", "--end-of-options", `${commit}^{commit}`).catch(
    () => {
      throw new UsageError(`there is no commit ${JSON.stringify(commit)}`, {
        code: "unknown-commit",
        where: root,
        hint: "name two commits, branches or dates like HEAD~48 and HEAD; `git log -- data` lists the record's",
      });
    },
  );
  const at = (path: string) => {
    const inRoot = `${folder}/${path}`.replace(/^\.\//, "");
    return git(dataDir, "show", `${id}:${inRoot}`)
      .then((text) => ({ text, where: `${commit}:${inRoot}` }))
      .catch(() => null);
  };
  const texts = new Map<SnapshotName, ReturnType<SnapshotTexts>>();
  for (const name of ["stablecoins", ...besideOf("stablecoins")] as const) {
    const file = await at(snapshotPath(name));
    const slow = slowKeyOf(name) === null ? null : await at(slowPath(name));
    const slowText = () => slow?.text ?? null;
    texts.set(name, file ? [{ text: () => file.text, slowText, where: file.where }] : []);
  }
  const heads = await at(HEADS_PATH);
  return snapshotReader(
    (name) => texts.get(name) ?? [],
    () => (heads ? parseHeads(heads.text, heads.where) : {}),
  )("stablecoins");
}

/** The comparison as text. Either side may be a commit from before the first snapshot. */
export async function diffCommits(dataDir: string, from: string, to: string): Promise<string> {
  const [before, after] = [await stablecoinsAt(dataDir, from), await stablecoinsAt(dataDir, to)];
  const when = (snapshot: typeof before) =>
    snapshot ? `${isoSeconds(snapshot.asOf)}, run ${snapshot.runId}` : "no snapshot yet";
  if (!before && !after) return `${from}: no snapshot yet\n${to}: no snapshot yet\n`;
  return [`from ${from} (${when(before)})`, `to   ${to} (${when(after)})`, ...describeChanges(before, after), ""].join(
    "\n",
  );
}
