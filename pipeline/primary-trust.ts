/**
 * How far the published price alone may open, worsen or close a depeg. Depeg methodology, section 3.
 *
 * A single soft source never may, nor soft sources that agree, nor one exchange on our own clock beside a soft source; two
 * exchanges may, an oracle may, an aggregator with an oracle may.
 */

import { isPositive } from "./peg-figures.ts";
import { expandSourceKeys, PRICE_SOURCES } from "./price-sources.ts";

export type PrimaryTrust = "authoritative" | "confirm_required" | "unusable";

export interface PrimaryPrice {
  price: number | null;
  /** Label of the winning source or cluster. */
  priceSource: string | null;
  priceConfidence: string | null;
  agreeSources: readonly string[];
  priceObservedAt: number | null;
  priceObservedAtMode: string | null;
  priceUpdatedAt: number | null;
}

/** An older price needs somebody else to say the same. */
export const PRIMARY_MAX_AGE_SEC = 1_800;
const CACHED = "cached";

function sourcesOf({ agreeSources, priceSource }: Pick<PrimaryPrice, "agreeSources" | "priceSource">): string[] {
  const agreeing = expandSourceKeys(agreeSources);
  return agreeing.length > 0 ? agreeing : expandSourceKeys(priceSource);
}

function isCached(asset: PrimaryPrice): boolean {
  return asset.priceSource === CACHED || sourcesOf(asset).includes(CACHED);
}

/** Infinite where no time is known or the time lies ahead. */
function ageSec(asset: PrimaryPrice, nowSec: number): number {
  const at = asset.priceObservedAt ?? asset.priceUpdatedAt;
  const age = at === null ? Number.NaN : nowSec - at;
  return age >= 0 ? age : Number.POSITIVE_INFINITY;
}

export function primaryTrust(asset: PrimaryPrice, nowSec: number): PrimaryTrust {
  if (!isPositive(asset.price)) return "unusable";
  const { priceConfidence: confidence, priceObservedAtMode: mode } = asset;
  if (isCached(asset) || !(ageSec(asset, nowSec) <= PRIMARY_MAX_AGE_SEC)) return "confirm_required";
  const keys = sourcesOf(asset);
  if (confidence === "single-source") {
    const source = keys.length === 1 ? PRICE_SOURCES[keys[0] as string] : undefined;
    const upstream = mode === "upstream" || (mode === null && source?.upstreamTime === true);
    return source?.authoritativeAlone && upstream ? "authoritative" : "confirm_required";
  }
  if (confidence !== "high") return "confirm_required";
  const vouching = keys.flatMap((key) => (PRICE_SOURCES[key]?.depegAuthoritative ? [PRICE_SOURCES[key]] : []));
  return vouching.length >= 2 || vouching.some((source) => source?.upstreamTime) ? "authoritative" : "confirm_required";
}

/** Whose opinion one source repeats; a source the method does not know speaks for itself. */
function familyOf(key: string): string {
  if (key.startsWith("coingecko") || key === "cg-ticker") return "coingecko";
  if (key.startsWith("defillama")) return "defillama";
  return PRICE_SOURCES[key]?.family ?? key;
}

function familiesOf(keys: readonly string[]): string[] {
  return [...new Set(keys.map(familyOf))];
}

/** Family of a label: of each part, in order of appearance, none twice, joined with "+". */
export function sourceFamily(label: string): string {
  return familiesOf(expandSourceKeys(label)).join("+");
}

function isFallback(key: string): boolean {
  return PRICE_SOURCES[key]?.tier === "fallback_search" || familyOf(key).startsWith("fallback");
}

/** Whether independent sources agree on a fresh price: enough to end a depeg, not to open one. */
export function freshMultiSourceAgreement(asset: PrimaryPrice, nowSec: number): boolean {
  if (!isPositive(asset.price) || isCached(asset) || asset.priceConfidence !== "high") return false;
  if (!(ageSec(asset, nowSec) <= PRIMARY_MAX_AGE_SEC)) return false;
  const keys = sourcesOf(asset);
  return familiesOf(keys).length >= 2 && keys.some((key) => !isFallback(key));
}

export type OffchainConfirmer = "coingecko-confirm" | "defillama-confirm";

/** Which aggregator has had no say in the price yet and may be asked about a depeg; null when both have. */
export function offchainConfirmer(asset: Pick<PrimaryPrice, "agreeSources" | "priceSource">): OffchainConfirmer | null {
  const families = familiesOf(sourcesOf(asset));
  if (!families.includes("coingecko")) return "coingecko-confirm";
  return families.includes("defillama") ? null : "defillama-confirm";
}
