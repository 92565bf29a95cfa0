/**
 * The order in which coins are scored: every upstream before what stands on it.
 *
 * A cycle has no such order. It is broken at its lexicographically largest coin, whose upstream within the cycle is then
 * treated as missing, and that coin is named.
 */
import type { Dependency } from "./dependency-risk.ts";

export interface ScoringOrder {
  /** Upstreams first. */
  ids: string[];
  edges: ReadonlyMap<string, readonly Dependency[]>;
  brokenCycles: string[];
}

/** Coins of one cycle that can be reached from `start` and reach it, in the part not yet ordered. */
function cycleThrough(
  start: string,
  open: ReadonlySet<string>,
  edges: ReadonlyMap<string, readonly Dependency[]>,
): Set<string> {
  const reach = (from: string, next: (id: string) => string[]) => {
    const seen = new Set<string>();
    const stack = [from];
    for (let id = stack.pop(); id !== undefined; id = stack.pop())
      for (const other of next(id))
        if (open.has(other) && !seen.has(other)) {
          seen.add(other);
          stack.push(other);
        }
    return seen;
  };
  const upstream = (id: string) => (edges.get(id) ?? []).map((edge) => edge.id);
  const downstream = (id: string) => [...open].filter((other) => upstream(other).includes(id));
  const up = reach(start, upstream);
  const down = reach(start, downstream);
  return new Set([...up].filter((id) => down.has(id)));
}

export function scoringOrder(dependencies: ReadonlyMap<string, readonly Dependency[]>): ScoringOrder {
  const edges = new Map([...dependencies].map(([id, list]) => [id, [...list]] as const));
  const open = new Set([...edges.keys()].sort());
  const ids: string[] = [];
  const brokenCycles: string[] = [];
  const isReady = (id: string) => (edges.get(id) ?? []).every((edge) => !open.has(edge.id));
  while (open.size > 0) {
    const ready = [...open].filter(isReady);
    for (const id of ready) {
      open.delete(id);
      ids.push(id);
    }
    if (ready.length > 0) continue;
    // Every open coin waits: at least one of them lies on a cycle.
    const cycles = [...open].map((id) => cycleThrough(id, open, edges)).filter((cycle) => cycle.size > 0);
    const cycle = cycles[0] ?? open;
    const largest = [...cycle].sort().at(-1) as string;
    brokenCycles.push(largest);
    // The edge stays, its upstream does not: it counts as a coin without a score.
    const cut = (edges.get(largest) ?? []).map((edge) =>
      cycle.has(edge.id) ? { ...edge, id: missing(edge.id) } : edge,
    );
    edges.set(largest, cut);
  }
  return { ids, edges, brokenCycles: brokenCycles.sort() };
}

const MISSING = "missing:";

/** Name under which a cut upstream has no score. */
function missing(id: string): string {
  return `${MISSING}${id}`;
}

/** The coin an edge names, cut or not. */
export function upstreamId(id: string): string {
  return id.startsWith(MISSING) ? id.slice(MISSING.length) : id;
}
