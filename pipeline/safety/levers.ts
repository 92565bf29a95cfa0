/** What would change a grade: the score each dimension alone would have to reach, up to the next grade and down to the one below. */
import { GRADE_BOUNDS } from "../safety-scale.ts";
import type { Grade, ReportCard } from "../schema/report-cards.ts";
import { type DimensionScores, overallScore } from "../scoring/overall-score.ts";

export interface Standing {
  dimensions: DimensionScores;
  activeDepegPeakBps: number | null;
  navToken: boolean;
  /** Score of the coin it is made of; null caps nothing. */
  parentScore: number | null;
}

function scoreWith(standing: Standing, name: keyof DimensionScores, value: number): number {
  const { score } = overallScore({ ...standing, dimensions: { ...standing.dimensions, [name]: value } });
  return Math.min(score ?? 0, standing.parentScore ?? 100);
}

/** Smallest score of a dimension for which `holds`, which must hold for all larger ones too; null when 100 is not enough. */
function smallest(holds: (value: number) => boolean): number | null {
  if (!holds(100)) return null;
  let [low, high] = [0, 100];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

type Levers = Pick<ReportCard, "upgrade" | "downgrade">;

/** Most coins stand where they stood: the searches of a standing are done once in a process. */
const known = new Map<string, Levers>();
const MAX_KNOWN = 10_000;

export function levers(standing: Standing, grade: Grade): Levers {
  const { dimensions, activeDepegPeakBps, navToken, parentScore } = standing;
  const key = JSON.stringify([Object.values(dimensions), activeDepegPeakBps, navToken, parentScore, grade]);
  const found = known.get(key) ?? search(standing, grade);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, found);
  return found;
}

function search(standing: Standing, grade: Grade): Levers {
  const place = GRADE_BOUNDS.findIndex((bound) => bound.grade === grade);
  const [better, own, worse] = [GRADE_BOUNDS[place - 1], GRADE_BOUNDS[place], GRADE_BOUNDS[place + 1]];
  if (!own) return { upgrade: null, downgrade: null };
  const names = (Object.keys(standing.dimensions) as (keyof DimensionScores)[]).filter(
    (name) => standing.dimensions[name] !== null,
  );
  const reaching = (min: number) =>
    names.flatMap((name) => {
      const needed = smallest((value) => scoreWith(standing, name, value) >= min);
      return needed === null ? [] : [[name, needed] as const];
    });
  const falling = reaching(own.min).filter(([, needed]) => needed > 0);
  return {
    upgrade: better ? { grade: better.grade, dimensions: Object.fromEntries(reaching(better.min)) } : null,
    downgrade: worse
      ? { grade: worse.grade, dimensions: Object.fromEntries(falling.map(([name, needed]) => [name, needed - 1])) }
      : null,
  };
}
