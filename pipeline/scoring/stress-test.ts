/**
 * What grades would be after a shock: chosen coins' scores replaced, chosen exits replaced, everything downstream scored again in
 * order, variant caps reapplied, all other dimensions as they are. Safety methodology, section 1.
 *
 * The lane publishes what the failure of each single coin would do; the site lets a reader combine failures with this same code.
 */
import { scoreToGrade } from "../safety-grades.ts";
import type { Governance, ReportCards } from "../schema/report-cards.ts";
import { type Dependency, dependencyRiskScore } from "./dependency-risk.ts";
import { type DimensionScores, overallScore, variantOverallCap } from "./overall-score.ts";

export interface Standing {
  id: string;
  governance: Governance | null;
  dimensions: DimensionScores;
  activeDepegPeakBps: number | null;
  navToken: boolean;
  variantParentId: string | null;
  isDefunct: boolean;
  edges: readonly Dependency[];
  score: number | null;
}

export interface Shock {
  /** Overall scores that are set, by coin. */
  scores: ReadonlyMap<string, number>;
  /** Liquidity dimensions that are set, by coin: what is left of an exit when its redemption route closes. */
  liquidity: ReadonlyMap<string, number | null>;
}

export type StressTests = ReportCards["stressTests"];
type ScoreChange = StressTests[number]["changes"][number];

/** `standings` in the order of scoring, upstreams first. Every coin whose score changes, chosen ones included, in that order. */
export function underShock(standings: readonly Standing[], shock: Shock): ScoreChange[] {
  const scores = new Map<string, number | null>(standings.map(({ id, score }) => [id, score]));
  const moved = new Set<string>();
  const changes: ScoreChange[] = [];
  for (const standing of standings) {
    const { id, governance, edges, variantParentId } = standing;
    if (standing.isDefunct) continue;
    let score = shock.scores.get(id);
    if (score === undefined) {
      const exit = shock.liquidity.get(id);
      const stands = governance !== null && edges.some((edge) => moved.has(edge.id));
      if (!stands && exit === undefined) continue;
      const dimensions = {
        ...standing.dimensions,
        ...(exit === undefined ? {} : { liquidity: exit }),
        ...(stands
          ? {
              dependencyRisk: dependencyRiskScore({
                governance,
                dependencies: edges,
                upstreamScores: Object.fromEntries(edges.map((edge) => [edge.id, scores.get(edge.id)])),
                variantParentId: null,
                variantKind: null,
              }),
            }
          : {}),
      };
      const own = overallScore({ ...standing, dimensions });
      const parent = variantParentId === null ? null : (scores.get(variantParentId) ?? null);
      score = variantOverallCap(own.score, parent).score ?? undefined;
    }
    const now = score ?? null;
    scores.set(id, now);
    if (now === standing.score) continue;
    moved.add(id);
    changes.push({ id, scoreNow: standing.score, score: now, grade: scoreToGrade(now) });
  }
  return changes;
}

/** The failure of every single coin on which another graded coin stands. */
export function stressTests(standings: readonly Standing[]): StressTests {
  const upstreams = new Set(standings.flatMap(({ edges }) => edges.map(({ id }) => id)));
  const known = new Map(standings.map((standing) => [standing.id, standing]));
  return [...upstreams].sort().flatMap((failed) => {
    const own = known.get(failed);
    if (!own || own.isDefunct || own.score === null) return [];
    const changes = underShock(standings, { scores: new Map([[failed, 0]]), liquidity: new Map() });
    const downstream = changes.filter(({ id }) => id !== failed);
    return downstream.length > 0 ? [{ id: failed, changes: downstream }] : [];
  });
}
