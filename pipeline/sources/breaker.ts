/**
 * Circuit breakers: an upstream that failed three times in a row is left alone, then tried once per half hour.
 *
 * Pure rules over a record that is committed with the data, so an open circuit and two strikes out of three survive from one
 * CI run to the next. A missing or malformed record reads as closed. Method: pricing, section 17.
 */
import { z } from "zod";

export const FAILURES_TO_OPEN = 3;
export const PROBE_AFTER_SEC = 1800;

const TimeSchema = z.number().nonnegative().nullable().default(null);

export const CircuitRecordSchema = z.object({
  state: z.enum(["closed", "open", "half-open"]),
  consecutiveFailures: z.int().nonnegative(),
  lastFailureAt: TimeSchema,
  lastSuccessAt: TimeSchema,
  openedAt: TimeSchema,
});
export type CircuitRecord = z.infer<typeof CircuitRecordSchema>;

const CLOSED: CircuitRecord = {
  state: "closed",
  consecutiveFailures: 0,
  lastFailureAt: null,
  lastSuccessAt: null,
  openedAt: null,
};

export function readCircuitRecord(value: unknown): CircuitRecord {
  const parsed = CircuitRecordSchema.safeParse(value);
  return parsed.success ? parsed.data : CLOSED;
}

/** May the source be asked now, and the state the circuit is in from then on. */
export function circuitShouldAttempt(
  value: unknown,
  nowSec: number,
): { allowed: boolean; state: CircuitRecord["state"] } {
  const record = readCircuitRecord(value);
  if (record.state !== "open") return { allowed: true, state: record.state };
  // An open circuit without an opening time could never be probed; it reads as long open.
  const openFor = nowSec - (record.openedAt ?? 0);
  return openFor >= PROBE_AFTER_SEC ? { allowed: true, state: "half-open" } : { allowed: false, state: "open" };
}

export type CircuitAlert = "open" | "closed" | null;

/** The record after an outcome, and whether people should hear of it. */
export function circuitRecordOutcome(
  value: unknown,
  success: boolean,
  nowSec: number,
): CircuitRecord & { alert: CircuitAlert } {
  const record = readCircuitRecord(value);
  if (success) {
    const alert = record.state === "closed" ? null : "closed";
    return { ...record, state: "closed", consecutiveFailures: 0, lastSuccessAt: nowSec, openedAt: null, alert };
  }
  const failed = { ...record, consecutiveFailures: record.consecutiveFailures + 1, lastFailureAt: nowSec };
  if (record.state === "half-open") return { ...failed, state: "open", openedAt: nowSec, alert: null };
  if (record.state === "closed" && failed.consecutiveFailures >= FAILURES_TO_OPEN) {
    return { ...failed, state: "open", openedAt: nowSec, alert: "open" };
  }
  return { ...failed, alert: null };
}

export interface CircuitTransition {
  circuit: string;
  event: "open" | "close";
  at: number;
}

/** The circuits of one run: read from the committed file at the start, written back with the run's commit. */
export interface Breakers {
  /** False while the circuit is open; a due probe turns it half-open. */
  shouldAttempt(circuit: string, nowSec: number): boolean;
  recordOutcome(circuit: string, success: boolean, nowSec: number): void;
  /** When an open circuit may be probed, else null. */
  probeAt(circuit: string): number | null;
  /** Every circuit ever used, sorted by key: the content of the state file. */
  records(): Record<string, CircuitRecord>;
  /** What opened and closed in this run, in order. */
  readonly transitions: readonly CircuitTransition[];
}

export function createBreakers(initial: unknown): Breakers {
  const given = z.record(z.string(), z.unknown()).safeParse(initial);
  const circuits = new Map<string, CircuitRecord>();
  for (const [circuit, value] of Object.entries(given.success ? given.data : {})) {
    circuits.set(circuit, readCircuitRecord(value));
  }
  const transitions: CircuitTransition[] = [];
  const current = (circuit: string): CircuitRecord => circuits.get(circuit) ?? CLOSED;

  return {
    transitions,
    shouldAttempt(circuit, nowSec) {
      const { allowed, state } = circuitShouldAttempt(current(circuit), nowSec);
      if (state !== current(circuit).state) circuits.set(circuit, { ...current(circuit), state });
      return allowed;
    },
    recordOutcome(circuit, success, nowSec) {
      const { alert, ...record } = circuitRecordOutcome(current(circuit), success, nowSec);
      circuits.set(circuit, record);
      if (alert !== null) transitions.push({ circuit, event: alert === "open" ? "open" : "close", at: nowSec });
    },
    probeAt(circuit) {
      const { state, openedAt } = current(circuit);
      return state === "open" ? (openedAt ?? 0) + PROBE_AFTER_SEC : null;
    },
    records() {
      return Object.fromEntries([...circuits].sort(([a], [b]) => (a < b ? -1 : 1)));
    },
  };
}

/** Cases of `vectors/pricing.json` that this module answers. */
export const conformance: Record<string, (input: unknown) => unknown> = {
  circuitShouldAttempt(input) {
    const { record, nowSec } = OutcomeInput.parse(input);
    return circuitShouldAttempt(record, nowSec);
  },
  circuitRecordOutcome(input) {
    const { record, success, nowSec } = OutcomeInput.parse(input);
    return circuitRecordOutcome(record, success === true, nowSec);
  },
};

const OutcomeInput = z.object({ record: z.unknown().optional(), success: z.boolean().optional(), nowSec: z.number() });
