/**
 * What grades would be if one coin failed: its own score set to 0, everything downstream scored again in order, variant caps
 * reapplied, all other dimensions as they are. Safety methodology, section 1.
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

export type StressTests = ReportCards["stressTests"];

/** `standings` in the order of scoring, upstreams first. Coins on which no graded coin stands are left out. */
export function stressTests(standings: readonly Standing[]): StressTests {
  const upstreams = new Set(standings.flatMap(({ edges }) => edges.map(({ id }) => id)));
  const known = new Map(standings.map((standing) => [standing.id, standing]));
  return [...upstreams].sort().flatMap((failed) => {
    const own = known.get(failed);
    if (!own || own.isDefunct || own.score === null) return [];
    const scores = new Map<string, number | null>(standings.map(({ id, score }) => [id, score]));
    scores.set(failed, 0);
    const moved = new Set([failed]);
    const changes: StressTests[number]["changes"] = [];
    for (const standing of standings) {
      const { id, governance, edges, variantParentId } = standing;
      if (id === failed || standing.isDefunct || governance === null || !edges.some((edge) => moved.has(edge.id)))
        continue;
      const dependencyRisk = dependencyRiskScore({
        governance,
        dependencies: edges,
        upstreamScores: Object.fromEntries(edges.map((edge) => [edge.id, scores.get(edge.id)])),
        variantParentId: null,
        variantKind: null,
      });
      const own = overallScore({ ...standing, dimensions: { ...standing.dimensions, dependencyRisk } });
      const parent = variantParentId === null ? null : (scores.get(variantParentId) ?? null);
      const { score } = variantOverallCap(own.score, parent);
      scores.set(id, score);
      if (score === standing.score) continue;
      moved.add(id);
      changes.push({ id, scoreNow: standing.score, score, grade: scoreToGrade(score) });
    }
    return changes.length > 0 ? [{ id: failed, changes }] : [];
  });
}
