/** Everybody may read everything; a simulated site says so here too. */
import type { APIRoute } from "astro";
import { absolute } from "../lib/paths.ts";
import { loadRecord } from "../lib/record.ts";

export const GET: APIRoute = async () => {
  const { simulated } = await loadRecord();
  const note = simulated ? "# SIMULATED: nothing here is an observation of the world.\n" : "";
  return new Response(`${note}User-agent: *\nAllow: /\nSitemap: ${absolute("/sitemap-index.xml")}\n`);
};
