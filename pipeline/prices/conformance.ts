/** Cases of `vectors/pricing.json` that the price lane answers: what decides about prices, and the readers behind them. */
import { z } from "zod";
import { AnyNumber, listOf, MaybeNumber, MaybeText, NumberOrNaN } from "../conformance/input.ts";
import {
  countDepegAuthoritative,
  expandSourceKeys,
  hasDepegAuthoritative,
  isReplaySafe,
  PRICE_SOURCES,
  poolChallengeEligible,
} from "../price-sources.ts";
import { ObservedAtModeSchema, PriceConfidenceSchema } from "../schema/stablecoins.ts";
import { orderAddressTargets, resolveAddressProviders } from "./address-providers.ts";
import { conformance as quoteReaders } from "./conformance-quotes.ts";
import { computePriceConsensus } from "./consensus.ts";
import { sourceFreshness } from "./freshness.ts";
import { jupiterDecision } from "./passes/jupiter-decision.ts";
import { applyPoolChallenge } from "./pool-challenge.ts";
import { priceCacheMaxAge } from "./price-cache.ts";
import { buildPrimarySources } from "./primary-sources.ts";
import { publicationDecision } from "./publication-policy.ts";
import { staleGuard } from "./stale-guard.ts";
import { classifyPegClass, isSevereFixedPegDownside, validatePriceCandidate } from "./validation.ts";

const Keys = z.union([z.string(), z.array(z.string())]).nullish();
const Label = z.object({ label: Keys });
const Sources = z.object({ sources: Keys });
const Mode = ObservedAtModeSchema.nullish();
const ModeOfValidation = z.enum([
  "primary_authoritative",
  "fallback_enrichment",
  "dex_observation",
  "historical_backfill",
]);

const Context = z.object({
  pegType: MaybeText,
  pegCurrency: MaybeText,
  navToken: z.boolean().nullish(),
  commodityOunces: MaybeNumber,
});
const References = z
  .object({
    rates: z.record(z.string(), AnyNumber.nullable()).nullish(),
    type: z.enum(["fresh", "stale", "static", "none"]).nullish(),
  })
  .nullish()
  .transform((references) => references ?? null);

const ConsensusInput = z.object({
  sources: z.array(
    z.object({
      source: z.string(),
      price: NumberOrNaN,
      weight: MaybeNumber.transform((weight) => weight ?? 0),
      observedAt: MaybeNumber,
      observedAtMode: Mode,
    }),
  ),
  pegRef: MaybeNumber,
  thresholdBps: AnyNumber.nullish(),
  mode: z.enum(["fixed", "nav"]).nullish(),
  options: z.object({ familyCollapse: z.boolean().optional() }).nullish(),
});

const ValidationInput = z.object({
  price: NumberOrNaN,
  context: Context,
  mode: ModeOfValidation,
  references: References,
});
const ClassInput = z.object({ pegCurrency: MaybeText, pegType: MaybeText, navToken: z.boolean().nullish() });
const FreshnessInput = z.object({
  source: z.string(),
  observedAt: z.unknown().optional(),
  observedAtMode: Mode,
  nowSec: NumberOrNaN,
});

const PublicationInput = Context.extend({
  price: NumberOrNaN,
  source: z.string(),
  confidence: PriceConfidenceSchema,
  agreeSources: listOf(z.string()),
  mode: ModeOfValidation.nullish(),
  candidatePrices: z.record(z.string(), AnyNumber).nullish(),
  previousTrustedPrice: MaybeNumber,
  references: References,
});

const ChallengeInput = z.object({
  result: z.object({
    price: NumberOrNaN,
    source: z.string(),
    confidence: PriceConfidenceSchema,
    agreeSources: listOf(z.string()),
    candidateSources: listOf(z.string()),
  }),
  pools: z.array(z.object({ protocol: z.string(), price: NumberOrNaN, tvlUsd: NumberOrNaN })),
  pegType: MaybeText,
});

const PrimaryInput = z.object({
  quotes: z.record(z.string(), AnyNumber.nullable()),
  protocolSources: z
    .array(z.object({ protocol: z.string(), price: NumberOrNaN, tvl: NumberOrNaN, updatedAt: MaybeNumber }))
    .nullish(),
  dexAggregate: z.object({ price: NumberOrNaN, totalTvlUsd: NumberOrNaN, updatedAt: MaybeNumber }).nullish(),
  nowSec: NumberOrNaN,
});

const JupiterInput = z.object({
  quote: z.object({ usdPrice: MaybeNumber, liquidity: MaybeNumber, blockId: MaybeNumber }).nullish(),
  currentSlot: MaybeNumber,
  currentPrice: MaybeNumber,
  pegType: MaybeText,
});

const ProvidersInput = z.object({ config: MaybeText, keys: listOf(z.string()) });
const TargetsInput = z.object({
  targets: z.array(
    z.object({
      id: z.string(),
      missing: z.boolean().default(false),
      previousSourceDepth: MaybeNumber,
      circulatingUsd: MaybeNumber,
    }),
  ),
});

const decisions: Record<string, (input: unknown) => unknown> = {
  computePriceConsensus(input) {
    const { sources, pegRef, thresholdBps, mode, options } = ConsensusInput.parse(input);
    return computePriceConsensus(sources, pegRef, thresholdBps ?? undefined, mode ?? undefined, options ?? {});
  },
  validatePriceCandidate(input) {
    const { price, context, mode, references } = ValidationInput.parse(input);
    const verdict = validatePriceCandidate(price, context, mode, references);
    const { lower, upper } = verdict.boundsUsed;
    // The page says lower and upper, its vectors min and max.
    return { ...verdict, boundsUsed: { lower, upper, min: lower, max: upper } };
  },
  isSevereFixedPegDownside(input) {
    const { price, context, references } = ValidationInput.omit({ mode: true }).parse(input);
    return isSevereFixedPegDownside(price, context, references);
  },
  classifyPegClass(input) {
    const { pegCurrency, pegType, navToken } = ClassInput.parse(input);
    return classifyPegClass(pegCurrency, pegType, navToken);
  },
  sourceFreshness(input) {
    const { source, observedAt, observedAtMode, nowSec } = FreshnessInput.parse(input);
    const known = observedAt === undefined || observedAt === null || typeof observedAt === "number";
    return sourceFreshness(source, known ? observedAt : Number.NaN, observedAtMode, nowSec);
  },
  publicationDecision(input) {
    const { pegType, pegCurrency, navToken, commodityOunces, references, ...given } = PublicationInput.parse(input);
    const question = { ...given, candidatePrices: given.candidatePrices ?? undefined, mode: given.mode ?? undefined };
    return publicationDecision(question, { pegType, pegCurrency, navToken, commodityOunces }, references);
  },
  applyPoolChallenge(input) {
    const { result, pools, pegType } = ChallengeInput.parse(input);
    const { candidateSources, ...price } = result;
    // A case names the candidates without their prices: they count as saying what the result says.
    const allPrices = Object.fromEntries(candidateSources.map((key) => [key, result.price]));
    const full = { ...price, selectedSource: price.source, observedAt: null, observedAtMode: null, allPrices };
    return applyPoolChallenge(full, pools, { pegType }, null);
  },
  buildPrimarySources(input) {
    const { quotes, protocolSources, dexAggregate, nowSec } = PrimaryInput.parse(input);
    const observed = Object.entries(quotes).map(([source, price]) => ({
      source,
      price: price ?? Number.NaN,
      weight: PRICE_SOURCES[source]?.weight ?? 0,
      observedAt: nowSec,
    }));
    const lanes = (protocolSources ?? []).map(({ tvl, ...lane }) => ({ ...lane, tvlUsd: tvl }));
    return buildPrimarySources(observed, lanes, dexAggregate ?? null, nowSec).candidates.map(({ source }) => source);
  },
  jupiterDecision(input) {
    const { quote, currentSlot, currentPrice, pegType } = JupiterInput.parse(input);
    const facts = {
      priceUsd: quote?.usdPrice ?? null,
      liquidityUsd: quote?.liquidity ?? null,
      blockId: quote?.blockId ?? null,
    };
    return jupiterDecision(facts, currentSlot, currentPrice, { pegType }, null);
  },
  staleGuard(input) {
    const { comparable, identical } = z.object({ comparable: AnyNumber, identical: AnyNumber }).parse(input);
    return staleGuard(comparable, identical);
  },
  expandSourceKeys: (input) => expandSourceKeys(z.object({ value: Keys }).parse(input).value),
  isReplaySafe: (input) => isReplaySafe(Label.parse(input).label),
  priceCacheMaxAge: (input) => priceCacheMaxAge(Label.parse(input).label),
  poolChallengeEligible: (input) => poolChallengeEligible(Sources.parse(input).sources),
  hasDepegAuthoritative: (input) => hasDepegAuthoritative(Sources.parse(input).sources),
  countDepegAuthoritative: (input) => countDepegAuthoritative(Sources.parse(input).sources),
  resolveAddressProviders(input) {
    const { config, keys } = ProvidersInput.parse(input);
    return resolveAddressProviders(config, keys);
  },
  orderAddressTargets: (input) => orderAddressTargets(TargetsInput.parse(input).targets),
};

export const conformance: Record<string, (input: unknown) => unknown> = { ...decisions, ...quoteReaders };
