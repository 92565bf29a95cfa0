/** Writes the data package beside the history it describes. */
import type { APIRoute } from "astro";
import { dataPackage } from "../../lib/data-package.ts";
import { loadRecord } from "../../lib/record.ts";

export const GET: APIRoute = async () =>
  new Response(`${JSON.stringify(dataPackage(await loadRecord()), null, 2)}\n`, {
    headers: { "Content-Type": "application/json; charset=utf-8" },
  });
