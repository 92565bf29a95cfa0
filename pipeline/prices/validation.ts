/**
 * Whether a price can be what the coin is worth, by what is known of its peg. Pricing methodology, section 9.
 *
 * The context decides how far down a price may be believed: an authoritative source may report a collapse, a fallback or a
 * thin pool may not.
 */
import {
  CURRENCY_BOUNDS,
  currencyCode,
  METALS,
  normalizePegTypeFromCurrency,
  staticPriceBounds,
} from "../peg-bounds.ts";
import type { FxReferenceType } from "../schema/fx-rates.ts";

export type PegClass = "usd" | "fiat_fx" | "commodity" | "nav" | "variable" | "unknown";

export type ValidationMode =
  | "primary_authoritative"
  | "fallback_enrichment"
  | "dex_observation"
  | "historical_backfill";

export interface PegContext {
  pegType?: string | null | undefined;
  pegCurrency?: string | null | undefined;
  navToken?: boolean | null | undefined;
  commodityOunces?: number | null | undefined;
}

/** USD per unit by peg type, with how much these rates may be trusted. */
export interface PegReferences {
  rates?: Record<string, number | null | undefined> | null | undefined;
  type?: FxReferenceType | null | undefined;
  /** By peg type, where rates are not all worth the same trust; `type` stands for the others. */
  types?: Record<string, FxReferenceType> | null | undefined;
}

export interface Validation {
  accepted: boolean;
  reasonCode: string;
  boundsUsed: { lower: number | null; upper: number | null };
  referenceUsd: number | null;
  referenceType: FxReferenceType;
}

/** No stablecoin unit is worth this much, ounces of gold included. */
const HARD_CAP_USD = 100_000;
/** Below this share of the reference only authoritative contexts are believed. */
const FLOOR_SHARE = 0.01;
const UPPER_SHARE: Partial<Record<PegClass, number>> = { usd: 1.19, fiat_fx: 1.19, commodity: 2 };
/** A fixed peg below this share of its reference is a severe downside. */
const SEVERE_SHARE = 0.5;

const VARIABLE: readonly string[] = ["VAR", "OTHER"];

function pegTypeOf(context: PegContext): string | null {
  return context.pegType || normalizePegTypeFromCurrency(context.pegCurrency);
}

export function pegClassOf(context: PegContext): PegClass {
  return classifyPegClass(context.pegCurrency, pegTypeOf(context), context.navToken);
}

/** Whether the coin has a peg that a price can fall away from. */
export function isFixedPeg(pegClass: PegClass): boolean {
  return pegClass === "usd" || pegClass === "fiat_fx" || pegClass === "commodity";
}

/** Ounces one token of a metal stands for; one where that is not said. */
function ouncesOf(context: PegContext): number {
  const ounces = context.commodityOunces;
  return typeof ounces === "number" && Number.isFinite(ounces) && ounces > 0 ? ounces : 1;
}

/** What kind of peg this is. Without a peg type it is unknown, whatever the currency: `pegClassOf` fills the type in first. */
export function classifyPegClass(
  pegCurrency: string | null | undefined,
  pegType: string | null | undefined,
  navToken?: boolean | null,
): PegClass {
  if (navToken) return "nav";
  if ([pegCurrency, pegType].some((name) => VARIABLE.includes(currencyCode(name ?? "")))) return "variable";
  if (!pegType) return "unknown";
  const currency = currencyCode(pegType);
  if (currency === "USD") return "usd";
  if (METALS.includes(currency)) return "commodity";
  return currency in CURRENCY_BOUNDS ? "fiat_fx" : "unknown";
}

/** USD value of one token at par: the peg rate, times the ounces a metal token stands for. Null without a rate. */
export function pegReferenceUsd(context: PegContext, references: PegReferences | null | undefined): number | null {
  const pegType = pegTypeOf(context);
  if (!pegType) return null;
  const currency = currencyCode(pegType);
  if (currency === "USD") return 1;
  if (references?.type === "none") return null;
  const aliases = [pegType, normalizePegTypeFromCurrency(currency) ?? "", currency];
  const rate = aliases.map((name) => references?.rates?.[name]).find((value) => typeof value === "number" && value > 0);
  if (rate === undefined || rate === null || !Number.isFinite(rate)) return null;
  return METALS.includes(currency) ? rate * ouncesOf(context) : rate;
}

/** How far the reference of this coin may be trusted; a dollar is a dollar. */
export function referenceTypeOf(context: PegContext, references: PegReferences | null | undefined): FxReferenceType {
  if (pegReferenceUsd(context, references) === null) return "none";
  if (pegClassOf(context) === "usd") return "fresh";
  return references?.types?.[pegTypeOf(context) ?? ""] ?? references?.type ?? "fresh";
}

function isAuthoritative(mode: ValidationMode): boolean {
  return mode === "primary_authoritative" || mode === "historical_backfill";
}

/** Judges one price. Bounds are exclusive; `lower` is 0 where a collapse may be believed. */
export function validatePriceCandidate(
  price: number,
  context: PegContext,
  mode: ValidationMode,
  references: PegReferences | null | undefined,
): Validation {
  const pegType = pegTypeOf(context);
  const pegClass = pegClassOf(context);
  const referenceUsd = pegReferenceUsd(context, references);
  const referenceType = referenceTypeOf(context, references);
  const judged = (
    accepted: boolean,
    reasonCode: string,
    lower: number | null = null,
    upper: number | null = null,
  ): Validation => ({
    accepted,
    reasonCode,
    boundsUsed: { lower, upper },
    referenceUsd,
    referenceType,
  });

  if (!Number.isFinite(price) || price <= 0) return judged(false, "non_finite_or_non_positive");
  if (price >= HARD_CAP_USD) return judged(false, "hard_cap_exceeded");
  if (pegClass === "nav") return judged(true, "nav_positive_price");
  if (pegClass === "variable" || pegClass === "unknown") return judged(true, "non_fixed_positive_price");

  if (referenceUsd !== null) {
    const upper = (UPPER_SHARE[pegClass] ?? 1) * referenceUsd;
    const lower = isAuthoritative(mode) ? 0 : FLOOR_SHARE * referenceUsd;
    if (price >= upper) return judged(false, "reference_upper_bound_exceeded", lower, upper);
    if (lower > 0 && price <= lower) return judged(false, "reference_lower_bound_exceeded", lower, upper);
    const collapsed = lower === 0 && price / referenceUsd < FLOOR_SHARE;
    return judged(true, collapsed ? "authoritative_downside_allowed" : "within_reference_band", lower, upper);
  }

  const table = staticPriceBounds(pegType ?? "");
  if (!table) return judged(true, "non_fixed_positive_price");
  const ounces = pegClass === "commodity" ? ouncesOf(context) : 1;
  const [tableLower, upper] = [table[0] * ounces, table[1] * ounces];
  const lower = isAuthoritative(mode) ? 0 : tableLower;
  if (price >= upper) return judged(false, "hardcoded_upper_bound_exceeded", lower, upper);
  if (lower > 0 && price <= lower) return judged(false, "hardcoded_lower_bound_exceeded", lower, upper);
  const collapsed = lower === 0 && price <= tableLower;
  return judged(true, collapsed ? "authoritative_hardcoded_downside_allowed" : "within_hardcoded_band", lower, upper);
}

/** A fixed peg at less than half its reference. False for NAV, variable and unknown pegs, and without a reference. */
export function isSevereFixedPegDownside(
  price: number,
  context: PegContext,
  references: PegReferences | null | undefined,
): boolean {
  if (!isFixedPeg(pegClassOf(context))) return false;
  const reference = pegReferenceUsd(context, references);
  return reference !== null && price > 0 && price / reference < SEVERE_SHARE;
}
