/**
 * Staging: a run's files are written aside, described in a journal, and only then moved into place.
 *
 * Killed before the journal is there, the next run throws the staging folder away and finds the old state; killed after,
 * it finishes the moves and finds the new one. One lock file keeps two runs out of the same folder.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { DataDamaged, PlumblineError } from "../errors.ts";
import { sha256 } from "./hash.ts";

const STAGING = ".staging";

const JournalSchema = z.object({
  runId: z.string(),
  moves: z.array(z.object({ path: z.string(), sha256: z.string().nullable().describe("null: the file is deleted") })),
});
type Journal = z.infer<typeof JournalSchema>;

/** Path below data/ to its new content; null deletes the file. */
export type FileChanges = Map<string, Uint8Array | string | null>;

export type StepHook = (step: string) => void;

/** On disk, and not only on its way there, when it returns; unless `isDurable` is false. */
function write(path: string, content: Uint8Array | string, isDurable: boolean): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "w");
  try {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    if (isDurable) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function stagingRoot(dataDir: string): string {
  return join(dataDir, STAGING);
}

/** The folder a run may use for half-made files; it is inside data/ so that a move is a rename. */
export function scratchFolder(dataDir: string, runId: string): string {
  const folder = join(stagingRoot(dataDir), runId, "scratch");
  mkdirSync(folder, { recursive: true });
  return folder;
}

function applyJournal(dataDir: string, journal: Journal, onStep: StepHook): void {
  const files = join(stagingRoot(dataDir), journal.runId, "files");
  for (const move of journal.moves) {
    const target = join(dataDir, move.path);
    const staged = join(files, move.path);
    if (move.sha256 === null) rmSync(target, { force: true });
    else if (existsSync(staged)) {
      mkdirSync(dirname(target), { recursive: true });
      renameSync(staged, target);
    } else if (!existsSync(target) || sha256(readFileSync(target)) !== move.sha256) {
      throw new DataDamaged(`the journal of run ${journal.runId} names a file that is neither staged nor in place`, {
        code: "journal-broken",
        where: target,
        hint: `restore data/ with \`git checkout -- data\` and remove ${stagingRoot(dataDir)}`,
      });
    }
    onStep(`moved ${move.path}`);
  }
  rmSync(join(stagingRoot(dataDir), journal.runId), { recursive: true, force: true });
  onStep("staging removed");
}

function isThere(path: string, content: Uint8Array | string): boolean {
  return existsSync(path) && readFileSync(path).equals(Buffer.from(content));
}

/**
 * Writes all changes aside, then moves them into place; what says the same already is left alone. A failure before the journal leaves
 * data/ untouched. A record that can be made again need not be `isDurable`: it survives a kill, but not a loss of power.
 */
export function putInPlace(
  dataDir: string,
  runId: string,
  changes: FileChanges,
  onStep: StepHook = () => {},
  isDurable = true,
): void {
  const root = join(stagingRoot(dataDir), runId);
  const journal: Journal = { runId, moves: [] };
  try {
    for (const [path, content] of changes) {
      if (content !== null && isThere(join(dataDir, path), content)) continue;
      if (content !== null) write(join(root, "files", path), content, isDurable);
      journal.moves.push({ path, sha256: content === null ? null : sha256(content) });
      onStep(`staged ${path}`);
    }
    write(join(root, "journal.tmp"), JSON.stringify(journal), isDurable);
    onStep("journal written");
    renameSync(join(root, "journal.tmp"), join(root, "journal.json"));
    onStep("journal in place");
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG")
      throw new PlumblineError("there is no room left to write the new snapshots; the last good ones are untouched", {
        code: "disk-full",
        where: root,
        hint: "free disk space and run again",
        cause: error,
      });
    throw error;
  }
  applyJournal(dataDir, journal, onStep);
}

/** Finishes or throws away what a killed run left. Gives the ids of the runs that were finished. */
export function recover(dataDir: string, onStep: StepHook = () => {}): string[] {
  const finished: string[] = [];
  const root = stagingRoot(dataDir);
  for (const entry of existsSync(root) ? readdirSync(root, { withFileTypes: true }) : []) {
    if (!entry.isDirectory()) continue;
    const journalPath = join(root, entry.name, "journal.json");
    if (existsSync(journalPath)) {
      applyJournal(dataDir, JournalSchema.parse(JSON.parse(readFileSync(journalPath, "utf8"))), onStep);
      finished.push(entry.name);
    } else rmSync(join(root, entry.name), { recursive: true, force: true });
  }
  return finished;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Takes the one lock of data/. Throws when another live process holds it; a dead one's lock is taken over. */
export function lockData(dataDir: string): () => void {
  const path = join(stagingRoot(dataDir), "lock");
  mkdirSync(stagingRoot(dataDir), { recursive: true });
  for (let attempt = 0; ; attempt++) {
    try {
      const file = openSync(path, "wx");
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 2) throw error;
      const pid = Number(readFileSync(path, "utf8"));
      if (pid > 0 && isAlive(pid))
        throw new PlumblineError(`another run (process ${pid}) is working in this folder`, {
          code: "locked",
          where: path,
          hint: "wait for it to end; if no such run exists, remove the lock file",
        });
      rmSync(path, { force: true });
    }
  }
}
