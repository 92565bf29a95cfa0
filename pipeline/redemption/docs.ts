/** Which words stand behind a route, and how good they are: a fallback link never looks like the reviewed source. Method section 16. */
import type { DocsProvenance, RouteDocs } from "../schema/redemption.ts";
import type { CapacityModel, DocSupport } from "../schema/redemption-route.ts";

interface Link {
  label: string;
  url: string;
  supports?: readonly DocSupport[] | undefined;
}

export interface CoinLinks {
  liveReserveDisplay?: Link | null | undefined;
  proofOfReserves?: Link | null | undefined;
  links?: readonly Link[] | null | undefined;
}

const PREFERRED = new Set(["Docs", "Proof of Reserve", "Transparency", "Website"]);

function isWeb(link: Link | null | undefined): link is Link {
  return link !== null && link !== undefined && /^https?:\/\//.test(link.url);
}

function sourcesOf(links: readonly Link[]): RouteDocs["sources"] {
  const seen = new Set<string>();
  return links
    .filter(({ label, url }) => !seen.has(`${label} ${url}`) && seen.add(`${label} ${url}`))
    .map(({ label, url, supports = [] }) => ({ label, url, supports: [...supports] }));
}

export function resolveDocs(
  config: { docs?: readonly Link[] | null; reviewedAt?: string | null; capacityModelKind: CapacityModel["kind"] },
  meta: CoinLinks,
): RouteDocs | null {
  const docs = (provenance: DocsProvenance, links: readonly Link[]): RouteDocs | null => {
    const sources = sourcesOf(links);
    const first = sources[0];
    if (first === undefined) return null;
    return { label: first.label, url: first.url, provenance, reviewedAt: config.reviewedAt ?? null, sources };
  };
  const reviewed = (config.docs ?? []).filter(isWeb);
  if (reviewed.length > 0) return docs("config-reviewed", reviewed);

  const usesLive = config.capacityModelKind === "reserve-sync-metadata";
  const display = usesLive && isWeb(meta.liveReserveDisplay) ? [meta.liveReserveDisplay] : [];
  const proof = isWeb(meta.proofOfReserves) ? [meta.proofOfReserves] : [];
  const preferred = (meta.links ?? []).filter((link) => isWeb(link) && PREFERRED.has(link.label));
  const supporting = (links: Link[]) => links.map((link): Link => ({ ...link, supports: ["capacity"] }));
  const provenance =
    display.length > 0 ? "live-reserve-display" : proof.length > 0 ? "proof-of-reserves" : "preferred-link";
  return docs(provenance, [...supporting(display), ...supporting(proof), ...preferred]);
}
