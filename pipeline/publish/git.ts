/** Git as the transaction: one commit a run, of generated paths only, and the few questions a run asks of its repository. */
import { GENERATED_FOLDERS, SIGNATURE_PATH } from "./manifest.ts";
import { MANIFEST_PATH } from "./read-manifest.ts";
import { git, gitWithInput } from "./run-git.ts";

async function answers(folder: string, ...args: string[]): Promise<string | null> {
  return git(folder, ...args).catch(() => null);
}

const tracked = new Map<string, Promise<boolean>>();

/** Whether data/ is tracked by a repository: inside a work tree and not ignored by it. Asked once a folder and process. */
export function isTracked(dataDir: string): Promise<boolean> {
  let answer = tracked.get(dataDir);
  if (!answer) {
    answer = askTracked(dataDir);
    tracked.set(dataDir, answer);
  }
  return answer;
}

async function askTracked(dataDir: string): Promise<boolean> {
  if ((await answers(dataDir, "rev-parse", "--is-inside-work-tree")) !== "true") return false;
  return (await answers(dataDir, "check-ignore", "-q", dataDir)) === null;
}

/** HEAD's commit id, or null in a repository without commits. */
export async function headCommit(dataDir: string): Promise<string | null> {
  return answers(dataDir, "rev-parse", "--verify", "HEAD");
}

/** Commits the generated paths below data/, nothing else that may lie in the work tree. False when they are as committed. */
export async function commitData(dataDir: string, message: string): Promise<boolean> {
  const status = await git(dataDir, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", ".");
  const root = await git(dataDir, "rev-parse", "--show-prefix");
  const paths = status
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => line.slice(3 + root.length))
    .filter(
      (path) =>
        GENERATED_FOLDERS.some((folder) => path.startsWith(`${folder}/`)) ||
        path === MANIFEST_PATH ||
        path === SIGNATURE_PATH,
    );
  if (paths.length === 0) return false;
  const list = paths.map((path) => `${path}\0`).join("");
  await gitWithInput(dataDir, list, "add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul");
  await gitWithInput(
    dataDir,
    list,
    "commit",
    "--quiet",
    "--no-verify",
    "--only",
    "--message",
    message,
    "--pathspec-from-file=-",
    "--pathspec-file-nul",
  );
  return true;
}

/** Remote and branch that the current branch follows, e.g. ["origin", "main"]; null when it follows none. */
export async function upstreamBranch(dataDir: string): Promise<{ remote: string; branch: string } | null> {
  const full = await answers(dataDir, "rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}");
  if (!full) return null;
  const [remote = "", ...branch] = full.split("/");
  return { remote, branch: branch.join("/") };
}
