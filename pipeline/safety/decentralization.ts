/** Decentralization: who can change the rules, and how far the chains under it can be trusted. Safety methodology, section 1. */
import type { ChainTier, DeploymentModel, Governance, GovernanceQuality } from "../schema/report-cards.ts";

const TIER_SCORES: Readonly<Record<ChainTier, number>> = {
  ethereum: 100,
  "stage1-l2": 66,
  "mature-alt-l1": 45,
  "established-alt-l1": 20,
  unproven: 0,
};
const MODEL_FACTORS: Readonly<Record<DeploymentModel, number>> = {
  "single-chain": 1,
  "canonical-bridge": 0.9,
  "native-multichain": 0.75,
  "third-party-bridge": 0.6,
};
const QUALITY_SCORES: Readonly<Record<GovernanceQuality, number>> = {
  "immutable-code": 100,
  "dao-governance": 85,
  multisig: 55,
  "regulated-entity": 40,
  "single-entity": 20,
  wrapper: 10,
};
/** Only rules that somebody on the chain may change suffer from a weak chain. */
const EXPOSED: readonly GovernanceQuality[] = ["dao-governance", "multisig"];
const PENALTIES = [
  { from: 80, points: 0 },
  { from: 60, points: 10 },
  { from: 40, points: 25 },
  { from: 20, points: 40 },
] as const;
const WORST_PENALTY = 60;

export function chainInfraScore(chainTier: ChainTier, deploymentModel: DeploymentModel): number {
  return Math.round(TIER_SCORES[chainTier] * MODEL_FACTORS[deploymentModel]);
}

/** `supervised`: regulator, licence and an independent audit of the reserves are all on file. */
export function defaultGovernanceQuality(governance: Governance, supervised: boolean): GovernanceQuality {
  if (governance === "decentralized") return "dao-governance";
  if (governance === "centralized-dependent") return "multisig";
  return supervised ? "regulated-entity" : "single-entity";
}

export function decentralizationScore(given: {
  quality: GovernanceQuality;
  chainTier: ChainTier;
  deploymentModel: DeploymentModel;
}): number {
  const { quality } = given;
  const score = QUALITY_SCORES[quality];
  if (!EXPOSED.includes(quality)) return score;
  const infra = chainInfraScore(given.chainTier, given.deploymentModel);
  const penalty = PENALTIES.find(({ from }) => infra >= from)?.points ?? WORST_PENALTY;
  return Math.max(0, score - penalty);
}
