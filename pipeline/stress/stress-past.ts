/** What the stress lane remembers between runs: whose price was doubted, whether it ever published, and today's worst scores. */
import { z } from "zod";
import { UnixSecondsSchema } from "../schema/envelope.ts";
import type { StressDay } from "../schema/judgement-history.ts";
import { type CoinStress, StressBandSchema } from "../schema/stress.ts";
import { dewsBand } from "./stress-score.ts";

export const STRESS_STATE = "stress";

const StateSchema = z.object({
  bootstrapComplete: z.boolean(),
  /** Labels other than high, by coin; "none" for a coin without a price. */
  confidence: z.record(z.string(), z.string()),
  /** Worst score of the day so far, where it is above calm. */
  day: UnixSecondsSchema,
  worst: z.record(z.string(), z.int()),
});
export type StressPast = z.infer<typeof StateSchema>;

export function readStressPast(state: unknown): StressPast | null {
  return StateSchema.safeParse(state).data ?? null;
}

/** Null before the first reading: nothing can have worsened since. */
export function confidenceBefore(past: StressPast | null, coinId: string): string | null {
  return past ? (past.confidence[coinId] ?? "high") : null;
}

export function nextPast(
  past: StressPast | null,
  confidence: Record<string, string>,
  signals: Readonly<Record<string, CoinStress>>,
  today: number,
): { state: StressPast; closed: StressDay[] } {
  const sameDay = past?.day === today;
  const worst: Record<string, number> = sameDay ? { ...past.worst } : {};
  for (const [coinId, { score, band }] of Object.entries(signals))
    if (score !== null && band !== "CALM" && score > (worst[coinId] ?? 0)) worst[coinId] = score;
  const closed =
    past && !sameDay
      ? Object.entries(past.worst).map(([coinId, score]) => ({
          date: past.day,
          coinId,
          score,
          band: StressBandSchema.parse(dewsBand(score)),
        }))
      : [];
  return { state: { bootstrapComplete: true, confidence, day: today, worst }, closed };
}
