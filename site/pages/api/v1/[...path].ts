/** Writes every file of the API's list below /api/v1/. */
import type { APIRoute, GetStaticPaths } from "astro";
import { type ApiFile, apiFiles } from "../../../api/files.ts";
import { loadRecord } from "../../../lib/record.ts";

export const getStaticPaths: GetStaticPaths = async () => {
  const record = await loadRecord();
  return apiFiles(record).map((file) => ({ params: { path: file.path }, props: { file } }));
};

export const GET: APIRoute<{ file: ApiFile }> = ({ props: { file } }) =>
  new Response(file.text(), { headers: { "Content-Type": `${file.type}; charset=utf-8` } });
