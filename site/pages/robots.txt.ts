/** Everybody may read everything; a simulated site asks not to be indexed. */
import type { APIRoute } from "astro";
import { absolute } from "../lib/paths.ts";
import { loadRecord } from "../lib/record.ts";

export const GET: APIRoute = async () => {
  const { simulated } = await loadRecord();
  const rule = simulated
    ? "# Simulated data: please do not index.\nUser-agent: *\nDisallow: /"
    : "User-agent: *\nAllow: /";
  return new Response(`${rule}\nSitemap: ${absolute("/sitemap-index.xml")}\n`);
};
