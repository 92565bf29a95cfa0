/**
 * The push that survives races: try, and when somebody was faster apply this run's changes to their tree and try again.
 *
 * `git reset --keep` moves to their commit and refuses to touch uncommitted work; nothing is force-pushed, nothing merged by text.
 */
import { PlumblineError } from "../errors.ts";
import { upstreamBranch } from "./git.ts";
import { git } from "./run-git.ts";

/** Fifty-odd racing jobs would need more; a schedule that queues has two. */
const MAX_PUSHES = 5;

export interface PushOptions {
  dataDir: string;
  /** Applies the run to the tree that now lies in dataDir and commits it. `attempt` counts rejected pushes. */
  reapply(attempt: number): Promise<void>;
  /** Milliseconds to wait before try n; jitter keeps two losers apart. */
  waitMs(attempt: number): number;
  log(line: string): void;
}

/** Pushes HEAD to the branch it follows. Gives the number of rejected tries. Throws when the last try is rejected. */
export async function pushData(options: PushOptions): Promise<number> {
  const { dataDir } = options;
  const target = await upstreamBranch(dataDir);
  if (!target)
    throw new PlumblineError("this branch follows no remote branch, so there is nowhere to push to", {
      code: "no-upstream",
      where: dataDir,
      hint: "run `git push --set-upstream origin <branch>` once, or leave --push out",
    });
  for (let attempt = 0; ; attempt++) {
    try {
      await git(dataDir, "push", "--quiet", target.remote, `HEAD:${target.branch}`);
      return attempt;
    } catch (error) {
      if (attempt + 1 >= MAX_PUSHES) throw error;
      options.log(`push rejected (try ${attempt + 1} of ${MAX_PUSHES}): applying this run to the newer tree`);
      await new Promise((resolve) => setTimeout(resolve, options.waitMs(attempt)));
      await git(dataDir, "fetch", "--quiet", target.remote, target.branch);
      await refuseToDropOthersWork(dataDir);
      await git(dataDir, "reset", "--quiet", "--keep", "FETCH_HEAD");
      await options.reapply(attempt + 1);
    }
  }
}

/** Only the run's own commit may be taken back: anything else that was never pushed stays where it is. */
async function refuseToDropOthersWork(dataDir: string): Promise<void> {
  try {
    await git(dataDir, "merge-base", "--is-ancestor", "HEAD~1", "FETCH_HEAD");
  } catch (cause) {
    throw new PlumblineError("the branch holds commits that were never pushed and are not this run's", {
      code: "unpushed-commits",
      where: dataDir,
      hint: "push or move those commits first, then run again",
      cause,
    });
  }
}
