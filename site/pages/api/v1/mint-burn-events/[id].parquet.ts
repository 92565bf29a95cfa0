/** Every mint and burn of a coin as one Parquet file, newest first, for readers who fetch ranges of it. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { APIRoute, GetStaticPaths } from "astro";
import { openStore } from "../../../../../pipeline/store/store.ts";
import { flowCoinIds } from "../../../../api/flows.ts";
import { makeEventTable, writeEventFiles } from "../../../../lib/flow-events.ts";
import { loadRecord } from "../../../../lib/record.ts";

async function makeFiles(): Promise<Map<string, string>> {
  const record = await loadRecord();
  const snapshot = record.snapshots["mint-burn-flows"];
  if (snapshot === null) return new Map();
  const folder = mkdtempSync(join(tmpdir(), "plumbline-events-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const store = await openStore(record.dataDir, 2, [folder]);
  try {
    await makeEventTable(store, snapshot.data.provisional);
    return await writeEventFiles(store, flowCoinIds(record), folder, snapshot);
  } finally {
    store.close();
  }
}

let making: Promise<Map<string, string>> | undefined;

export const getStaticPaths: GetStaticPaths = async () =>
  flowCoinIds(await loadRecord()).map((id) => ({ params: { id } }));

export const GET: APIRoute = async ({ params }) => {
  making ??= makeFiles();
  const path = (await making).get(params.id ?? "");
  if (path === undefined) return new Response(null, { status: 404 });
  return new Response(new Uint8Array(readFileSync(path)), {
    headers: { "Content-Type": "application/vnd.apache.parquet" },
  });
};
