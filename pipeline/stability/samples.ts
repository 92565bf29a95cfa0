/** Samples of the index since yesterday, which the lane keeps so that a run need not open the history; and the mean of a day. */
import { z } from "zod";
import { UnixSecondsSchema } from "../schema/envelope.ts";
import type { StabilityDay, StabilitySample } from "../schema/stress.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import { psiBand } from "./stability-index.ts";

export const STABILITY_STATE = "stability";
/** Days are closed at the time of the daily lane. */
const CLOSING_SEC = 8 * 3600;

/** A line a sample: time, score and the four parts. */
const StateSchema = z.object({ samples: z.array(z.string()), closedDay: UnixSecondsSchema.nullable() });
export type StabilityState = z.infer<typeof StateSchema>;

export type Sample = Omit<StabilitySample, "band">;

export function readStabilityState(state: unknown): { samples: Sample[]; closedDay: number | null } {
  const parsed = StateSchema.safeParse(state).data;
  const samples = (parsed?.samples ?? []).flatMap((line) => {
    const [at, score, severity, breadth, stressBreadth, trend] = line.split(" ").map(Number);
    const numbers = [at, score, severity, breadth, stressBreadth, trend];
    if (!numbers.every((value): value is number => value !== undefined && Number.isFinite(value))) return [];
    return [{ at, score, severity, breadth, stressBreadth, trend } as Sample];
  });
  return { samples, closedDay: parsed?.closedDay ?? null };
}

export function stabilityState(samples: readonly Sample[], closedDay: number | null, nowSec: number): StabilityState {
  const from = startOfUtcDay(nowSec) - DAY_SEC;
  return {
    samples: samples
      .filter(({ at }) => at >= from)
      .map(({ at, score, severity, breadth, stressBreadth, trend }) =>
        [at, score, severity, breadth, stressBreadth, trend].join(" "),
      ),
    closedDay,
  };
}

/** A sample that says what the ones before it say is stored this often: whoever looks for one finds it within the time. */
const STORED_EVERY_SEC = 2 * 3600;

function saysTheSame(a: Sample, b: Sample): boolean {
  return (
    a.score === b.score &&
    a.severity === b.severity &&
    a.breadth === b.breadth &&
    a.stressBreadth === b.stressBreadth &&
    a.trend === b.trend
  );
}

/** Whether a sample is stored: it differs from the one before it, or is the first of its two hours. `past` ascending. */
export function isNews(sample: Sample, past: readonly Sample[]): boolean {
  const last = past.at(-1);
  if (last === undefined || !saysTheSame(sample, last)) return true;
  return Math.floor(last.at / STORED_EVERY_SEC) < Math.floor(sample.at / STORED_EVERY_SEC);
}

function mean(values: readonly number[], digits: number): number {
  const scale = 10 ** digits;
  return Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * scale) / scale;
}

/** Of the last 24 hours, one decimal; null without a sample. */
export function mean24h(samples: readonly Sample[], nowSec: number): { score: number; samples: number } | null {
  const recent = samples.filter(({ at }) => at > nowSec - DAY_SEC && at <= nowSec);
  return recent.length === 0
    ? null
    : {
        score: mean(
          recent.map(({ score }) => score),
          1,
        ),
        samples: recent.length,
      };
}

export type Closing = { kind: "not-due" } | { kind: "no-samples"; day: number } | { kind: "closed"; row: StabilityDay };

/** The day before, once it is 08:00 UTC and if that was not done yet. */
export function closeYesterday(samples: readonly Sample[], closedDay: number | null, nowSec: number): Closing {
  const today = startOfUtcDay(nowSec);
  const day = today - DAY_SEC;
  if (nowSec < today + CLOSING_SEC || (closedDay !== null && closedDay >= day)) return { kind: "not-due" };
  const own = samples.filter(({ at }) => at >= day && at < today);
  if (own.length === 0) return { kind: "no-samples", day };
  const part = (name: "severity" | "breadth" | "stressBreadth" | "trend") =>
    mean(
      own.map((sample) => sample[name]),
      2,
    );
  const score = mean(
    own.map((sample) => sample.score),
    1,
  );
  const band = psiBand(score);
  if (band === null) return { kind: "no-samples", day };
  return {
    kind: "closed",
    row: {
      date: day,
      score,
      band,
      samples: own.length,
      severity: part("severity"),
      breadth: part("breadth"),
      stressBreadth: part("stressBreadth"),
      trend: part("trend"),
    },
  };
}
