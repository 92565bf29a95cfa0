/** The machine-written files of data/ (archive, history and snapshots), byte for byte, so that their hashes match the manifest. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { APIRoute, GetStaticPaths } from "astro";
import { loadRecord } from "../../../lib/record.ts";

const FOLDERS = ["archive/", "history/", "snapshots/"];

export const getStaticPaths: GetStaticPaths = async () => {
  const record = await loadRecord();
  return (record.manifest?.files ?? [])
    .filter(({ path }) => FOLDERS.some((folder) => path.startsWith(folder)) && existsSync(join(record.dataDir, path)))
    .map(({ path }) => {
      const [folder = "", ...rest] = path.split("/");
      return { params: { folder, path: rest.join("/") }, props: { file: join(record.dataDir, path) } };
    });
};

export const GET: APIRoute<{ file: string }> = ({ props: { file } }) =>
  new Response(new Uint8Array(readFileSync(file)));
