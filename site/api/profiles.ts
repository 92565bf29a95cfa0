/** profiles.json: every coin in one row, with what compare, portfolio and stress test need of it. Derived, nothing is scored here. */
import { z } from "zod";
import {
  DependencySchema,
  FreezabilitySchema,
  GovernanceSchema,
  GradeSchema,
  type ReportCard,
} from "../../pipeline/schema/report-cards.ts";
import { PriceConfidenceSchema } from "../../pipeline/schema/stablecoins.ts";
import { StressBandSchema } from "../../pipeline/schema/stress.ts";
import type { SupplyWindow } from "../../pipeline/schema/supply.ts";
import { coverageOf, factsOf, HOLDER_TEXT, whenText } from "../lib/exits.ts";
import { changeRatio } from "../lib/format.ts";
import { type SiteRecord, totalUsd } from "../lib/record.ts";

const score = z.int().min(0).max(100).nullable();
const usd = z.number().nullable();

export const CoinProfileSchema = z.object({
  id: z.string(),
  symbol: z.string(),
  name: z.string(),
  maker: z.string().describe("Issuer or project: the part of the id behind the ticker; same maker, same text"),
  state: z.string(),
  pegCurrency: z.string(),
  backing: z.string().nullable(),
  parentId: z.string().nullable().describe("The coin this one wraps or saves"),
  priceUsd: z.number().positive().nullable(),
  priceReason: z.string().nullable(),
  priceConfidence: PriceConfidenceSchema.nullable(),
  deviationBps: z.number().nullable(),
  deviationReason: z.string().nullable(),
  supplyUsd: usd,
  change7d: z.number().nullable().describe("Share"),
  chains: z.record(z.string(), z.number()).nullable().describe("Share of the supply by chain; null: not known"),
  peg: z
    .object({ score: z.number().nullable(), pct: z.number(), worstBps: z.int().nullable(), events: z.int() })
    .nullable(),
  grade: GradeSchema.nullable().describe("null: no card"),
  overallScore: score,
  dimensions: z
    .object({
      pegStability: score,
      liquidity: score,
      resilience: score,
      decentralization: score,
      dependencyRisk: score,
    })
    .nullable(),
  governance: GovernanceSchema.nullable(),
  navToken: z.boolean(),
  isDefunct: z.boolean(),
  activeDepegBps: z.int().nullable(),
  dependencies: z.array(DependencySchema).describe("Coins it is known to stand on; empty: none on file"),
  freezability: FreezabilitySchema.nullable(),
  dexScore: score,
  dexTvlUsd: usd,
  stress: z.object({ score, band: StressBandSchema.nullable() }).nullable(),
  netFlow7dUsd: usd,
  exit: z
    .object({
      score,
      coverage: z.enum(["covered", "heuristic", "eventual", "unrated", "impaired", "no-route", "no-data"]),
      nowUsd: usd.describe("Leaves by redemption now; null: not measured"),
      eventualUsd: usd,
      feeBps: z.number().nullable(),
      minUsd: usd,
      perDay: z.boolean(),
      isClosed: z.boolean(),
      when: z.string(),
      who: z.string(),
      poolId: z.string().nullable().describe("Coins with one pool share what leaves"),
      lifts: z.boolean().describe("Whether the route counts in the liquidity dimension of the card"),
    })
    .nullable()
    .describe("null: no route known, or no redemption data"),
});
export type CoinProfile = z.infer<typeof CoinProfileSchema>;

export const ProfilesFileSchema = z.object({ coins: z.array(CoinProfileSchema).describe("By id") });

const rounded = (value: number | null) => (value === null ? null : Number(value.toPrecision(6)));
const share = (value: number | null) => (value === null ? null : Math.round(value * 1e4) / 1e4);

function chainShares(chains: Record<string, SupplyWindow> | undefined): Record<string, number> | null {
  const amounts = Object.entries(chains ?? {}).flatMap(([name, { current }]) =>
    current !== null && current > 0 ? [[name, current] as const] : [],
  );
  const sum = amounts.reduce((total, [, amount]) => total + amount, 0);
  if (sum === 0) return null;
  return Object.fromEntries(
    amounts.sort((a, b) => b[1] - a[1]).map(([name, amount]) => [name, Math.round((amount / sum) * 1e3) / 1e3]),
  );
}

function exitOf(record: SiteRecord, id: string, card: ReportCard | undefined): CoinProfile["exit"] {
  const row = record.snapshots["redemption-backstops"]?.data.coins[id];
  if (!row) return null;
  const { nowUsd, eventualUsd, ...facts } = factsOf(row);
  return {
    score: row.effectiveExitScore,
    coverage: coverageOf(row, true),
    nowUsd: rounded(nowUsd),
    eventualUsd: rounded(eventualUsd),
    ...facts,
    when: whenText(row),
    who: HOLDER_TEXT[row.holderEligibility],
    poolId: row.sharedPoolId ?? null,
    lifts: card?.rawInputs.redemptionUsedForLiquidity ?? false,
  };
}

export function profilesData(record: SiteRecord): z.infer<typeof ProfilesFileSchema> | null {
  const { snapshots } = record;
  if (!snapshots.stablecoins) return null;
  const cards = new Map(snapshots["report-cards"]?.data.cards.map((card) => [card.id, card]));
  const pegs = new Map(snapshots["peg-summary"]?.data.coins.map((coin) => [coin.id, coin]));
  const flows = new Map(record.history.flows.whole?.coins.map((coin) => [coin.stablecoinId, coin]));
  return {
    coins: record.registry.coins.map((coin): CoinProfile => {
      const { id } = coin;
      const asset = record.assetById.get(id);
      const card = cards.get(id);
      const peg = pegs.get(id);
      const dex = snapshots["dex-liquidity"]?.data[id];
      const stress = snapshots.dews?.data.signals[id];
      const now = totalUsd(asset?.circulating);
      return {
        id,
        symbol: coin.symbol,
        name: coin.name,
        maker: id.slice(id.indexOf("-") + 1),
        state: coin.status.state,
        pegCurrency: coin.peg.currency,
        backing: coin.backing,
        parentId: coin.variantOf,
        priceUsd: asset?.price ?? null,
        priceReason: asset ? asset.priceReason : "not-in-snapshot",
        priceConfidence: asset?.priceConfidence ?? null,
        deviationBps: asset?.deviationBps ?? null,
        deviationReason: asset ? asset.deviationReason : "not-in-snapshot",
        supplyUsd: rounded(now),
        change7d: share(changeRatio(now, totalUsd(asset?.circulatingPrevWeek))),
        chains: chainShares(record.supplyById.get(id)?.chains),
        peg: peg
          ? { score: peg.pegScore, pct: peg.pegPct, worstBps: peg.worstDeviationBps, events: peg.eventCount }
          : null,
        grade: card?.overallGrade ?? null,
        overallScore: card?.overallScore ?? null,
        dimensions: card
          ? {
              pegStability: card.dimensions.pegStability.score,
              liquidity: card.dimensions.liquidity.score,
              resilience: card.dimensions.resilience.score,
              decentralization: card.dimensions.decentralization.score,
              dependencyRisk: card.dimensions.dependencyRisk.score,
            }
          : null,
        governance: card?.rawInputs.governanceTier ?? null,
        navToken: coin.navToken === true,
        isDefunct: card?.isDefunct ?? false,
        activeDepegBps: card?.rawInputs.activeDepegBps ?? null,
        dependencies: card?.dependencies ?? [],
        freezability: card?.freezability ?? null,
        dexScore: dex?.liquidityScore ?? null,
        dexTvlUsd: rounded(dex?.totalTvlUsd ?? null),
        stress: stress ? { score: stress.score, band: stress.band } : null,
        netFlow7dUsd: rounded(flows.get(id)?.netFlow7dUsd ?? null),
        exit: exitOf(record, id, card),
      };
    }),
  };
}
