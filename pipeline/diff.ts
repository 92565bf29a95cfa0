/** `plumbline diff A B`: what changed between two commits of the record, in words and numbers, the world apart from the method. */
import { UsageError } from "./errors.ts";
import { describeChanges } from "./publish/describe-changes.ts";
import { git } from "./publish/run-git.ts";
import { snapshotAtCommit } from "./publish/snapshot-at-commit.ts";
import { isoSeconds } from "./time.ts";

async function stablecoinsAt(dataDir: string, commit: string) {
  const root = await git(dataDir, "rev-parse", "--show-toplevel");
  const id = await git(dataDir, "rev-parse", "--verify", "--quiet", "--end-of-options", `${commit}^{commit}`).catch(
    () => {
      throw new UsageError(`there is no commit ${JSON.stringify(commit)}`, {
        code: "unknown-commit",
        where: root,
        hint: "name two commits, branches or dates like HEAD~48 and HEAD; `git log -- data` lists the record's",
      });
    },
  );
  return snapshotAtCommit(dataDir, id, "stablecoins");
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
