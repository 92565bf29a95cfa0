/** Git as the transaction: one commit a run, of generated paths only, and the few questions a run asks of its repository. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PlumblineError } from "../errors.ts";
import { GENERATED_FOLDERS, SIGNATURE_PATH } from "./manifest.ts";
import { MANIFEST_PATH } from "./read-manifest.ts";

const execFileAsync = promisify(execFile);

/** Author of the commits a run makes; the environment wins, so that a person's own name stands on a person's own run. */
const BOT_IDENTITY: NodeJS.ProcessEnv = {
  GIT_AUTHOR_NAME: "Plumbline record",
  GIT_AUTHOR_EMAIL: "record@users.noreply.github.com",
  GIT_COMMITTER_NAME: "Plumbline record",
  GIT_COMMITTER_EMAIL: "record@users.noreply.github.com",
};

/** Runs git with an argument list in `folder`; gives stdout without the final newline. Throws with git's own words. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  return gitWithInput(folder, "", ...args);
}

async function gitWithInput(folder: string, input: string, ...args: string[]): Promise<string> {
  const running = execFileAsync("git", args, {
    cwd: folder,
    maxBuffer: 1 << 28,
    env: { ...BOT_IDENTITY, ...process.env, GIT_TERMINAL_PROMPT: "0" },
  });
  // git may end before it has read anything; its exit code says what happened.
  running.child.stdin?.on("error", () => {}).end(input);
  try {
    return (await running).stdout.replace(/\n$/, "");
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new PlumblineError(
      `git ${args[0]} failed: ${(stderr ?? String(error)).trim().split("\n").slice(-3).join(" ")}`,
      {
        code: "git-failed",
        where: folder,
        cause: error,
      },
    );
  }
}

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
