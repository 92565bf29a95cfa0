/**
 * What the method asks of a coin, in the method's words: from the coin's file, from live reserves that may score, and, where
 * neither knows, from the method's defaults, which are named so that a reader can tell a fact from an assumption.
 */
import type { Coin } from "../schema/coin.ts";
import type {
  Backing,
  ChainTier,
  CollateralClass,
  CustodyModel,
  DeploymentModel,
  Governance,
  GovernanceQuality,
} from "../schema/report-cards.ts";
import type { ReserveRow } from "../schema/reserves.ts";
import type { Dependency } from "../scoring/dependency-risk.ts";
import { defaultGovernanceQuality } from "./decentralization.ts";
import { type ReserveSlice, resilienceDefaults } from "./resilience.ts";

const GOVERNANCE: Readonly<Record<string, Governance>> = {
  cefi: "centralized",
  "cefi-dependent": "centralized-dependent",
  defi: "decentralized",
};
const BACKING: Readonly<Record<string, Backing>> = {
  rwa: "rwa-backed",
  crypto: "crypto-backed",
  algorithmic: "algorithmic",
};
const MAX_RESERVE_AGE_SEC = 48 * 3600;
const GONE: readonly string[] = ["dead", "delisted", "frozen"];

export interface CoinFacts {
  coin: Coin;
  isDefunct: boolean;
  governance: Governance | null;
  backing: Backing | null;
  slices: (ReserveSlice & { coinId: string | null })[];
  collateralQuality: CollateralClass | null;
  custodyModel: CustodyModel | null;
  governanceQuality: GovernanceQuality | null;
  chainTier: ChainTier;
  deploymentModel: DeploymentModel;
  dependencies: Dependency[];
  variantParentId: string | null;
  fromLive: boolean;
  assumed: string[];
}

/** Whether a reading of reserves may score: independent, newest attempt good, young, and with a time that means something. */
export function mayScore(row: ReserveRow | undefined, nowSec: number): boolean {
  const reading = row?.reading;
  if (!row || !reading) return false;
  return (
    row.evidenceClass === "independent" &&
    row.sync.status === "ok" &&
    reading.syncStatus === "ok" &&
    nowSec - reading.fetchedAt < MAX_RESERVE_AGE_SEC &&
    reading.fetchedAt <= nowSec &&
    reading.metadata.freshnessMode !== "unverified" &&
    reading.slices.length > 0
  );
}

export function factsOf(coin: Coin, reserves: ReserveRow | undefined, nowSec: number): CoinFacts {
  const governance = GOVERNANCE[coin.governance ?? ""] ?? null;
  const backing = BACKING[coin.backing ?? ""] ?? null;
  const fromLive = mayScore(reserves, nowSec);
  const slices = fromLive
    ? (reserves?.reading?.slices ?? []).map(({ name, pct, risk, coinId }) => ({
        name,
        pct,
        risk,
        coinId: coinId ?? null,
      }))
    : [];
  const { collateral, custody } = resilienceDefaults(backing, governance);
  const dependencies = slices.flatMap(({ coinId, pct }): Dependency[] =>
    coinId === null || coinId === coin.id ? [] : [{ id: coinId, weight: pct / 100, type: "collateral" }],
  );
  return {
    coin,
    isDefunct: GONE.includes(coin.status.state),
    governance,
    backing,
    slices,
    collateralQuality: collateral,
    custodyModel: custody,
    governanceQuality: governance && defaultGovernanceQuality(governance, false),
    chainTier: "ethereum",
    deploymentModel: "single-chain",
    dependencies: summedById(dependencies),
    variantParentId: coin.variantOf,
    fromLive,
    assumed: [
      ...(slices.length === 0 && collateral !== null ? ["collateralQuality"] : []),
      ...(custody !== null ? ["custodyModel"] : []),
      ...(governance !== null ? ["governanceQuality", "chainTier", "deploymentModel"] : []),
    ],
  };
}

/** Two slices of one coin are one dependency. */
function summedById(edges: readonly Dependency[]): Dependency[] {
  return [...Map.groupBy(edges, ({ id }) => id).values()].flatMap(([first, ...more]) =>
    first ? [{ ...first, weight: more.reduce((sum, { weight }) => sum + weight, first.weight) }] : [],
  );
}
