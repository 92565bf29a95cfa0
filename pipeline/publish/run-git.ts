/** One git command. Apart from what a run does with git, so that the site can read old versions without the rest of the pipeline. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PlumblineError } from "../errors.ts";

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

/** The same with text on its standard input. */
export async function gitWithInput(folder: string, input: string, ...args: string[]): Promise<string> {
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
