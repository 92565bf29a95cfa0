/** What a built site holds: its files, its pages, and the local addresses they point at. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Paths below `dist`, sorted. */
export function filesBelow(dist: string, ending = ""): string[] {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name).slice(dist.length + 1))
    .sort();
}

/** href and src of a page that stay on the site, without query; with their fragment. */
export function localLinks(html: string): string[] {
  return [...html.matchAll(/\s(?:href|src|action|data-index)="([^"]+)"/g)]
    .map((match) => (match[1] ?? "").replaceAll("&amp;", "&"))
    .filter((link) => link.startsWith("/") || link.startsWith("#"))
    .map((link) => link.replace(/\?[^#]*/, ""));
}
