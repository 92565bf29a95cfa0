/** Every address of the site in one place, below the base path and with one spelling each. */
const BASE = (import.meta.env?.BASE_URL ?? "/").replace(/\/+$/, "");
const ORIGIN = (import.meta.env?.SITE ?? "https://plumbline.github.io").replace(/\/+$/, "");

/** Where the code lies; provenance links point at its modules. */
export const REPOSITORY = "https://github.com/plumbline/plumbline";

/** A path of the site, e.g. `/status/`, as the reader's browser must ask for it. */
export function href(path: string): string {
  return `${BASE}${path.startsWith("/") ? path : `/${path}`}`;
}

/** The same with scheme and host, for feeds, JSON-LD and machine files. */
export function absolute(path: string): string {
  return `${ORIGIN}${href(path)}`;
}

export function coinPath(id: string): string {
  return `/coin/${id}/`;
}

/** A page of a coin's mints and burns, the newest first. */
export function eventsPagePath(id: string, page = 1): string {
  return `/coin/${id}/events/${page === 1 ? "" : `${page}/`}`;
}

/** A file of the API; the path is the one the API's list names, e.g. `stablecoins.json`. */
export function apiPath(file: string): string {
  return `/api/v1/${file}`;
}

/** A module or file of the repository, as people read it. */
export function sourceUrl(file: string): string {
  return `${REPOSITORY}/blob/main/${file}`;
}
