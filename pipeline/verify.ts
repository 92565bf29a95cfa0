/**
 * `plumbline verify`: whether data/ is what its manifest says, and whether what it says holds together.
 *
 * Hashes and sizes of every file, the signature, every snapshot's shape, every history row's readability and keys, and the
 * sums and deviations that can be computed again from the published figures alone.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PlumblineError } from "./errors.ts";
import { supplyUsd } from "./peg-figures.ts";
import { canonical } from "./publish/canonical-json.ts";
import { sha256, snapshotId } from "./publish/hash.ts";
import { keptDays } from "./publish/kept-runs.ts";
import { generatedFiles, isRunManifest, SIGNATURE_PATH, signatureHolds } from "./publish/manifest.ts";
import { MANIFEST_PATH, readManifest } from "./publish/read-manifest.ts";
import { snapshotsIn } from "./publish/read-snapshot.ts";
import { SNAPSHOT_NAMES } from "./schema/datasets.ts";
import { HISTORY_DATASETS } from "./schema/history.ts";
import { SignatureSchema } from "./schema/manifest.ts";
import { RunFileSchema } from "./schema/run-manifest.ts";
import type { Stablecoins } from "./schema/stablecoins.ts";
import { historyFiles, openStore, storedRowsSql, viewName } from "./store/store.ts";

export interface Verification {
  problems: string[];
  filesChecked: number;
  rowsChecked: number;
  /** Whether a signature was there and held. */
  signature: "holds" | "absent" | "broken";
}

function said(error: unknown): string {
  return error instanceof PlumblineError ? error.explain().replaceAll("\n", " ") : String(error);
}

/** A run before the newest one: its hash stands in an older manifest, its shape and its name are looked at. */
function runProblems(dataDir: string, path: string): string[] {
  try {
    const run = RunFileSchema.parse(JSON.parse(readFileSync(join(dataDir, path), "utf8")));
    return path === `runs/${run.runId}.json` ? [] : [`${path}: it is run ${run.runId}`];
  } catch (error) {
    return [`${path}: ${said(error)}`];
  }
}

function checkFiles(dataDir: string, problems: string[]): number {
  const manifest = readManifest(dataDir);
  if (!manifest) {
    if (generatedFiles(dataDir).length > 0) problems.push("there are machine-written files but no manifest.json");
    return 0;
  }
  const known = new Map(manifest.files.map((file) => [file.path, file]));
  for (const path of generatedFiles(dataDir)) {
    if (known.has(path)) continue;
    if (isRunManifest(path)) problems.push(...runProblems(dataDir, path));
    else problems.push(`${path}: not in the manifest`);
  }
  for (const file of manifest.files) {
    const path = join(dataDir, file.path);
    if (!existsSync(path)) problems.push(`${file.path}: in the manifest but not there`);
    else {
      const content = readFileSync(path);
      if (content.length !== file.bytes)
        problems.push(`${file.path}: ${content.length} bytes, the manifest says ${file.bytes}`);
      else if (sha256(content) !== file.sha256) problems.push(`${file.path}: its hash is not the manifest's`);
    }
  }
  return manifest.files.length;
}

function checkSignature(dataDir: string, problems: string[]): Verification["signature"] {
  const path = join(dataDir, SIGNATURE_PATH);
  if (!existsSync(path)) return "absent";
  try {
    const signature = SignatureSchema.parse(JSON.parse(readFileSync(path, "utf8")));
    if (signatureHolds(readFileSync(join(dataDir, MANIFEST_PATH), "utf8"), signature)) return "holds";
  } catch (error) {
    problems.push(`${SIGNATURE_PATH}: ${said(error)}`);
    return "broken";
  }
  problems.push(`${SIGNATURE_PATH}: the signature is not of this manifest`);
  return "broken";
}

/** Published figures that must follow from other published figures. */
export function invariantProblems(data: Stablecoins): string[] {
  const problems: string[] = [];
  const ids = new Set<string>();
  const sums = new Map<string, number>();
  for (const asset of data.peggedAssets) {
    if (ids.has(asset.id)) problems.push(`stablecoins: ${asset.id} is there twice`);
    ids.add(asset.id);
    if ((asset.price === null) !== (asset.priceReason !== null))
      problems.push(`stablecoins: ${asset.id} has a price and a reason for none, or neither`);
    if ((asset.deviationBps === null) !== (asset.deviationReason !== null))
      problems.push(`stablecoins: ${asset.id} has a deviation and a reason for none, or neither`);
    if (!asset.agreeSources.every((source) => asset.consensusSources.includes(source)))
      problems.push(`stablecoins: ${asset.id} agrees with a source that gave no price`);
    if (asset.deviationBps !== null && asset.price !== null && asset.pegReferenceUsd !== null) {
      const again = (asset.price / asset.pegReferenceUsd - 1) * 10_000;
      // Price and reference are published with six digits, so each carries half a unit of the sixth.
      if (Math.abs(again - asset.deviationBps) > 0.2)
        problems.push(`stablecoins: ${asset.id} says ${asset.deviationBps} bps, its figures give ${again.toFixed(1)}`);
    }
    const usd = supplyUsd(asset);
    if (usd !== null) sums.set(asset.pegCurrency, (sums.get(asset.pegCurrency) ?? 0) + usd);
  }
  for (const total of data.totals) {
    const sum = sums.get(total.pegCurrency) ?? 0;
    if (Math.abs(sum - total.circulatingUsd) > 1)
      problems.push(
        `stablecoins: the ${total.pegCurrency} total is ${total.circulatingUsd}, its coins add up to ${sum}`,
      );
  }
  return problems;
}

function checkSnapshots(dataDir: string, problems: string[]): void {
  const simulated = readManifest(dataDir)?.simulated;
  const read = snapshotsIn(dataDir);
  for (const name of SNAPSHOT_NAMES) {
    try {
      const snapshot = read(name);
      if (!snapshot) continue;
      // A run's own copy says its content address; that of the others follows from the data.
      if (keptDays(name) !== null && snapshotId(canonical(snapshot.data)) !== snapshot.snapshotId)
        problems.push(`${name}: its snapshotId is not the hash of its data`);
      if (snapshot.simulated !== simulated)
        problems.push(`snapshots/${name}.json: simulated is ${snapshot.simulated}, the manifest says ${simulated}`);
    } catch (error) {
      // One that others lean on stops each of them.
      if (!problems.includes(said(error))) problems.push(said(error));
    }
  }
  try {
    const main = read("stablecoins");
    if (main) problems.push(...invariantProblems(main.data));
  } catch {
    // Named above already.
  }
}

/** Rows the manifest promises for a dataset; null without a manifest. */
function historyRows(dataDir: string, dataset: string): number | null {
  const files = readManifest(dataDir)?.files.filter(
    ({ path }) => path.startsWith(`history/${dataset}/`) || path.startsWith(`archive/${dataset}/`),
  );
  return files ? files.reduce((sum, file) => sum + file.rows, 0) : null;
}

async function checkHistory(dataDir: string, problems: string[]): Promise<number> {
  let rows = 0;
  const store = await openStore(dataDir);
  try {
    for (const dataset of HISTORY_DATASETS) {
      const key = dataset.key.map((name) => `"${name}"`).join(", ");
      const view = viewName(dataset);
      try {
        const [count] = await store.query(`SELECT count(*) AS rows FROM ${view}`);
        const said = historyRows(dataDir, dataset.name);
        // Corrected rows stay in their files beside what corrects them: the manifest counts both.
        const stored = storedRowsSql(dataset, historyFiles(dataDir, dataset.name));
        const [held] = await store.query(`SELECT count(*) AS rows FROM (${stored})`);
        if (said !== null && said !== held?.rows)
          problems.push(`history/${dataset.name}: holds ${held?.rows} rows, the manifest says ${said}`);
        const [twice] = await store.query(
          `SELECT count(*) AS twice FROM (SELECT ${key} FROM ${view} GROUP BY ${key} HAVING count(*) > 1)`,
        );
        rows += count?.rows as number;
        if (twice?.twice !== 0) problems.push(`history/${dataset.name}: ${twice?.twice} keys are there more than once`);
      } catch (error) {
        problems.push(said(error));
      }
    }
  } finally {
    store.close();
  }
  return rows;
}

export async function verifyData(dataDir: string): Promise<Verification> {
  const problems: string[] = [];
  let filesChecked = 0;
  try {
    filesChecked = checkFiles(dataDir, problems);
  } catch (error) {
    problems.push(`${MANIFEST_PATH}: ${said(error)}`);
  }
  const signature = checkSignature(dataDir, problems);
  checkSnapshots(dataDir, problems);
  const rowsChecked = await checkHistory(dataDir, problems);
  return { problems, filesChecked, rowsChecked, signature };
}
