/** The one reader of published snapshots: parsed, checked against their schema, or absent; a damaged one is named, not guessed at. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DataDamaged } from "../errors.ts";
import { type SnapshotData, type SnapshotName, snapshotSchema } from "../schema/datasets.ts";
import { type Envelope, EnvelopeHeadSchema } from "../schema/envelope.ts";
import { unpackData } from "./packing.ts";

export function snapshotPath(name: SnapshotName): string {
  return `snapshots/${name}.json`;
}

/** Last published snapshot, or null when none was ever published. Throws DataDamaged when the file is not what was published. */
export function readSnapshot<Name extends SnapshotName>(
  dataDir: string,
  name: Name,
): Envelope<SnapshotData<Name>> | null {
  const path = join(dataDir, snapshotPath(name));
  if (!existsSync(path)) return null;
  return parseSnapshot(name, readFileSync(path, "utf8"), path);
}

/** Text of a snapshot file to its typed envelope. `where` names it in the error. */
export function parseSnapshot<Name extends SnapshotName>(
  name: Name,
  text: string,
  where: string,
): Envelope<SnapshotData<Name>> {
  const damaged = (why: string, cause: unknown) =>
    new DataDamaged(`the published snapshot ${name} ${why}`, {
      code: "snapshot-damaged",
      where,
      hint: "restore it with `git checkout -- <file>`; the next run of its lane writes a new one",
      cause,
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw damaged("is not JSON", error);
  }
  const head = EnvelopeHeadSchema.safeParse(json);
  if (!head.success) throw damaged("has no envelope", head.error);
  let data: unknown;
  try {
    data = unpackData(name, (json as { data: unknown }).data, head.data.generatedAt);
  } catch (error) {
    throw damaged("does not hold its data", error);
  }
  const parsed = snapshotSchema(name).safeParse({ ...head.data, data });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw damaged(`does not have its shape at ${issue?.path.join(".")}: ${issue?.message}`, parsed.error);
  }
  return parsed.data as Envelope<SnapshotData<Name>>;
}
