/** A snapshot as the file it will be: packed, canonical, refused when it has not its published shape. */
import { type SnapshotName, snapshotSchema } from "../schema/datasets.ts";
import { type Envelope, type EnvelopeHead, type Reason, SCHEMA_VERSION } from "../schema/envelope.ts";
import { METHODOLOGY_VERSION } from "../version.ts";
import { canonical, isSameJson, type Json, prettyJson, steadyJson, steadySize } from "./canonical-json.ts";
import { snapshotId } from "./hash.ts";
import { headOf } from "./heads.ts";
import { joinSlow, splitSlow } from "./pack-slow.ts";
import type { Row } from "./pack-times.ts";
import { companionsOf, isPacked, packData, slowOf, unpackData } from "./packing.ts";
import type { SnapshotReader } from "./read-snapshot.ts";

export interface SnapshotFile {
  /** The dataset's own file, without its head. */
  text: string;
  file: PackedFile;
  slowText: string | null;
  /** The snapshot as every reader will see it. */
  envelope: Envelope<unknown>;
  /** Rows as a reader would count them. */
  rows: number;
  asOf: number;
  /** Why it may not be published, or null. */
  problem: Reason | null;
}

/** Size of the longest list or map in `data`; 1 for anything else. */
export function longestCollection(data: Json): number {
  if (typeof data !== "object" || data === null) return 1;
  const sizes = Object.values(data).map((value) =>
    typeof value === "object" && value !== null ? Object.keys(value).length : 0,
  );
  return Math.max(0, ...sizes);
}

/** `beside` reads the snapshots as they will stand beside the file. */
export function snapshotFile(
  name: SnapshotName,
  run: { runId: string; startedAt: number; simulated: boolean },
  given: Pick<EnvelopeHead, "asOf" | "status" | "reasons" | "sources">,
  rawData: unknown,
  beside: SnapshotReader,
): SnapshotFile {
  const data = canonical(rawData);
  const head: EnvelopeHead = {
    schemaVersion: SCHEMA_VERSION,
    dataset: name,
    snapshotId: snapshotId(data),
    runId: run.runId,
    generatedAt: run.startedAt,
    asOf: given.asOf,
    status: given.status,
    reasons: given.reasons,
    simulated: run.simulated,
    methodologyVersion: METHODOLOGY_VERSION,
    sources: [...given.sources].sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
  const { file, slowText, problem } = packedFile({ ...head, data }, name, beside);
  return {
    text: fileText(file),
    file,
    slowText,
    envelope: { ...head, data },
    rows: longestCollection(data),
    asOf: given.asOf,
    problem: shapeProblem(name, { ...head, data }) ?? problem,
  };
}

/** What a dataset's own file holds; its head stands in the manifest. */
export interface PackedFile {
  dataset: SnapshotName;
  data: Json;
}

/** What moves once a day or less lies apart, so that the versions of the rest are small. */
interface SlowPart {
  dataset: SnapshotName;
  slow: Json;
}

/** Text of a file whose keys are in order. */
export function fileText(file: PackedFile | SlowPart): string {
  return steadySize(prettyJson(file as unknown as Json));
}

/** A file with its own head, which can be read alone. */
export function wholeText({ file, envelope }: Pick<SnapshotFile, "file" | "envelope">): string {
  return steadyJson({ ...headOf(envelope), snapshotId: envelope.snapshotId, ...file });
}

/** A whole snapshot packed beside those that `beside` reads, and why it could not be read back, or null. */
export function packedFile(
  envelope: Envelope<unknown>,
  name: SnapshotName,
  beside: SnapshotReader,
): { file: PackedFile; slowText: string | null; problem: Reason | null } {
  const { data, ...head } = envelope;
  const companions = companionsOf(name, beside);
  const raw = packData(name, data, head.generatedAt, companions);
  const packed = raw === data ? (data as Json) : canonical(raw);
  const apart = slowOf(name);
  const { fast, slow } = apart === null ? { fast: packed, slow: null } : splitSlow(packed as Row, apart);
  const read = () => {
    const joined = apart === null || slow === null ? packed : joinSlow(fast as Row, slow, apart);
    return unpackData(name, joined, head.generatedAt, companions);
  };
  return {
    file: { data: fast as Json, dataset: name },
    slowText: slow === null ? null : fileText({ dataset: name, slow: slow as Json }),
    problem: isPacked(name) && !isSameJson(read(), data) ? packingFailure(name) : null,
  };
}

/** A file from which a reader would not get back what was computed. */
function packingFailure(name: SnapshotName): Reason {
  return {
    code: "packing-failure",
    message: `${name} was computed but not published: it would not be read back as it is`,
  };
}

/** Refuses what has not its published shape. */
function shapeProblem(name: SnapshotName, envelope: unknown): Reason | null {
  const parsed = snapshotSchema(name).safeParse(envelope);
  if (parsed.success) return null;
  const issue = parsed.error.issues[0];
  return {
    code: "schema-failure",
    message: `${name} was computed but not published: ${issue?.path.join(".")}: ${issue?.message}`,
  };
}
