/**
 * Exits in words and dollars: what a redemption row says to somebody who wants out, from the published fields alone.
 *
 * Eventual or doubtful redemption is never called covered; a cost that is no number is said in words; what does not fit is said too.
 */
import type { RedemptionRow } from "../../pipeline/schema/redemption.ts";

/** What a coin's exit is worth as coverage; only `covered` may be counted. */
export type Coverage = "covered" | "heuristic" | "eventual" | "unrated" | "impaired" | "no-route" | "no-data";

export const COVERAGE_TEXT: Readonly<Record<Coverage, string>> = {
  covered: "scored on reviewed or live evidence",
  heuristic: "scored, but on a rule of thumb",
  eventual: "redeemable in the end, not measured today",
  unrated: "configured, not rated today",
  impaired: "closed or contradicted by the market",
  "no-route": "no route known",
  "no-data": "data n/a",
};

/** The same for a column of a table. */
export const COVERAGE_WORD: Readonly<Record<Coverage, string>> = {
  covered: "scored",
  heuristic: "rule of thumb",
  eventual: "eventual only",
  unrated: "not rated",
  impaired: "closed",
  "no-route": "no route",
  "no-data": "n/a",
};

/** `row` undefined: no route; `isAvailable` false: there is no snapshot at all. */
export function coverageOf(
  row: Pick<RedemptionRow, "resolutionState" | "score" | "modelConfidence"> | undefined,
  isAvailable: boolean,
): Coverage {
  if (!isAvailable) return "no-data";
  if (row === undefined) return "no-route";
  if (row.resolutionState === "impaired") return "impaired";
  if (row.resolutionState !== "resolved") return "unrated";
  if (row.score === null) return "eventual";
  return row.modelConfidence === "low" ? "heuristic" : "covered";
}

export const FAMILY_TEXT: Readonly<Record<RedemptionRow["routeFamily"], string>> = {
  "stablecoin-redeem": "into another stablecoin",
  "basket-redeem": "into a basket",
  "collateral-redeem": "into collateral",
  "psm-swap": "stability module",
  "queue-redeem": "queue",
  "offchain-issuer": "issuer",
};

export const HOLDER_TEXT: Readonly<Record<RedemptionRow["holderEligibility"], string>> = {
  "any-holder": "anyone",
  "verified-customer": "verified customers",
  "whitelisted-primary": "whitelisted parties",
  "pre-incident-holder": "holders from before the incident",
  "issuer-discretionary": "whom the issuer lets",
  unknown: "not known",
};

export const ACCESS_TEXT: Readonly<Record<RedemptionRow["accessModel"], string>> = {
  "permissionless-onchain": "on chain, by anyone",
  "whitelisted-onchain": "on chain, by whitelisted parties",
  "issuer-api": "through the issuer",
  manual: "by hand",
};

export const SETTLEMENT_TEXT: Readonly<Record<RedemptionRow["settlementModel"], string>> = {
  atomic: "at once",
  immediate: "within minutes",
  "same-day": "same day",
  days: "days",
  queued: "queued",
};

export const OUTPUT_TEXT: Readonly<Record<RedemptionRow["outputAssetType"], string>> = {
  "stable-single": "one stable asset",
  "stable-basket": "several stable assets",
  "bluechip-collateral": "large-cap collateral or metal",
  "mixed-collateral": "mixed collateral",
  nav: "assets at net asset value",
};

export const STATUS_TEXT: Readonly<Record<RedemptionRow["routeStatus"], string>> = {
  open: "open",
  degraded: "degraded",
  paused: "paused",
  "cohort-limited": "only for some holders",
  unknown: "not known",
};

/** Who says so. */
export const STATUS_SOURCE_TEXT: Readonly<Record<RedemptionRow["routeStatusSource"], string>> = {
  "static-config": "by the reviewed route",
  "market-implied": "by the market",
  "operator-notice": "by the operator",
  "protocol-api": "by the protocol's API",
  onchain: "by its contracts",
};

export const CAPACITY_CONFIDENCE_TEXT: Readonly<Record<RedemptionRow["capacityConfidence"], string>> = {
  "live-direct": "read live from the route itself",
  "live-proxy": "inferred from a live figure beside the route",
  dynamic: "from live data of unknown kind",
  "documented-bound": "a bound the documents state",
  heuristic: "a rule of thumb",
};

export const PROVENANCE_TEXT: Readonly<Record<string, string>> = {
  "config-reviewed": "the reviewed source",
  "live-reserve-display": "a live reserve page, not what was reviewed",
  "proof-of-reserves": "a proof of reserves, not what was reviewed",
  "preferred-link": "the project's own page, not what was reviewed",
};

/** "10 bps", "a formula, 52 bps now", "not published": by what kind of fee it is. */
export function feeText({
  feeBps,
  feeModelKind,
  feeDescription,
}: Pick<RedemptionRow, "feeBps" | "feeModelKind" | "feeDescription">): string {
  if (feeModelKind === "fixed-bps") return feeBps === 0 ? "none" : `${feeBps} bps`;
  if (feeModelKind === "formula") return feeBps === null ? "by a formula" : `${feeBps} bps now, by a formula`;
  if (feeModelKind === "documented-variable") return feeDescription ?? "varies, documented";
  return feeDescription ?? "no number published";
}

/** How long, from the live delay where there is one. */
export function whenText({
  settlementDelaySec,
  settlementModel,
}: Pick<RedemptionRow, "settlementDelaySec" | "settlementModel">): string {
  if (!settlementDelaySec) return SETTLEMENT_TEXT[settlementModel];
  const hours = Math.round(settlementDelaySec / 3_600);
  return hours < 48 ? `about ${Math.max(1, hours)} h` : `about ${Math.round(hours / 24)} d`;
}

/** What the calculator needs of a row, as numbers in the page. */
export interface ExitFacts {
  /** What leaves now, USD; null: not measured. */
  nowUsd: number | null;
  /** Comes due in the end, USD. */
  eventualUsd: number | null;
  feeBps: number | null;
  minUsd: number | null;
  perDay: boolean;
  isClosed: boolean;
}

export function factsOf(row: RedemptionRow): ExitFacts {
  const isOpen = row.resolutionState === "resolved";
  return {
    nowUsd: isOpen ? row.capacityProfile.scoringUsd : null,
    eventualUsd: isOpen ? row.capacityProfile.eventualUsd : null,
    feeBps: row.feeBps,
    minUsd: row.minRedeemUsd ?? null,
    perDay: row.capacityProfile.scoringHorizon === "daily",
    isClosed: row.resolutionState === "impaired",
  };
}

export interface ExitAnswer {
  /** Leaves by redemption now, USD; null: nobody measured it. */
  nowUsd: number | null;
  /** What it costs; null: no number. */
  costUsd: number | null;
  /** Does not fit now. */
  restUsd: number;
  why: "fits" | "partly" | "nothing-now" | "below-minimum" | "eventual-only" | "closed" | "not-known";
}

/** How much of an amount gets out now. Never more than was measured, never a guess for what was not. */
export function exitFor(facts: ExitFacts, amountUsd: number): ExitAnswer {
  const none = (why: ExitAnswer["why"], nowUsd: number | null): ExitAnswer => ({
    nowUsd,
    costUsd: null,
    restUsd: amountUsd,
    why,
  });
  if (facts.isClosed) return none("closed", 0);
  if (facts.nowUsd === null) return none(facts.eventualUsd === null ? "not-known" : "eventual-only", null);
  if (facts.minUsd !== null && amountUsd < facts.minUsd) return none("below-minimum", 0);
  const out = Math.min(amountUsd, facts.nowUsd);
  if (out <= 0) return none("nothing-now", 0);
  return {
    nowUsd: out,
    costUsd: facts.feeBps === null ? null : (out * facts.feeBps) / 10_000,
    restUsd: amountUsd - out,
    why: out < amountUsd ? "partly" : "fits",
  };
}
