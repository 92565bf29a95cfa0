/**
 * Dependency risk: how much of a coin stands on other stablecoins, and how good those are. Safety methodology, section 1.
 *
 * An upstream nobody has scored counts as 70. A coin without any upstream stands on its own governance.
 */
import { clampScore } from "../safety-grades.ts";
import type { DependencyType, Governance, VariantKind } from "../schema/report-cards.ts";

export interface Dependency {
  id: string;
  /** Share of the backing, 0 to 1; sums above 1 are normalised. */
  weight: number;
  type: DependencyType;
}

const SELF_BACKED: Readonly<Record<Governance, number>> = {
  decentralized: 90,
  "centralized-dependent": 75,
  centralized: 95,
};
const UNSCORED = 70;
const WEAK_BELOW = 75;
const WEAK_PENALTY = 10;
const WRAPPER_DISCOUNT = 3;
const VARIANT_DISCOUNTS: Readonly<Record<VariantKind, number>> = {
  "savings-passthrough": 3,
  "risk-absorption": 5,
  "strategy-vault": 5,
  "bond-maturity": 8,
};

/** The edges of a coin; a variant always has one to its parent, as its wrapper. */
export function dependencyEdges(dependencies: readonly Dependency[], variantParentId: string | null): Dependency[] {
  const edges = dependencies.filter(({ weight }) => Number.isFinite(weight) && weight > 0);
  if (variantParentId === null) return edges;
  const [first, ...more] = edges.filter(({ id }) => id === variantParentId);
  if (!first) return [...edges, { id: variantParentId, weight: 1, type: "wrapper" }];
  const weight = more.reduce((sum, edge) => sum + edge.weight, first.weight);
  return [...edges.filter(({ id }) => id !== variantParentId), { id: variantParentId, weight, type: "wrapper" }];
}

export function dependencyRiskScore(given: {
  governance: Governance;
  dependencies: readonly Dependency[];
  upstreamScores: Readonly<Record<string, number | null | undefined>>;
  variantParentId: string | null;
  variantKind: VariantKind | null;
}): number {
  const { governance, upstreamScores, variantParentId, variantKind } = given;
  const selfBacked = SELF_BACKED[governance];
  const edges = dependencyEdges(given.dependencies, variantParentId);
  if (edges.length === 0) return selfBacked;
  const scoreOf = (id: string) => {
    const score = Object.hasOwn(upstreamScores, id) ? upstreamScores[id] : null;
    return typeof score === "number" && Number.isFinite(score) ? score : null;
  };
  if (edges.every(({ id }) => scoreOf(id) === null)) return UNSCORED;
  const upstream = (id: string) => scoreOf(id) ?? UNSCORED;
  const total = edges.reduce((sum, { weight }) => sum + weight, 0);
  const scale = Math.max(1, total);
  let score = edges.reduce((sum, { id, weight }) => sum + (weight / scale) * upstream(id), 0);
  score += (1 - Math.min(1, total)) * selfBacked;
  if (edges.some(({ id }) => upstream(id) < WEAK_BELOW)) score -= WEAK_PENALTY;
  for (const { id, type } of edges) {
    if (type === "mechanism") score = Math.min(score, upstream(id));
    if (type === "wrapper") score = Math.min(score, upstream(id) - WRAPPER_DISCOUNT);
  }
  if (variantParentId !== null && variantKind !== null)
    score = Math.min(score, upstream(variantParentId) - VARIANT_DISCOUNTS[variantKind]);
  return clampScore(Math.round(score));
}
