/** A piece of work by hand in the place of a lane: what `runOnce` takes as `repair`. */
import type { Lane, LaneContext, LaneResult } from "./lane.ts";

export interface Repaired {
  /** What to say of it. */
  answer: object;
  /** What the lane leaves; nothing unless said. */
  result?: Partial<LaneResult>;
}

/** `onAnswer` is told before anything is published. */
export function repairLane(
  name: string,
  work: (context: LaneContext) => Promise<Repaired>,
  onAnswer: (answer: object) => void,
): Lane {
  return {
    name,
    async run(context): Promise<LaneResult> {
      const { answer, result } = await work(context);
      onAnswer(answer);
      return { status: "ok", reasons: [], snapshots: {}, history: [], state: {}, counts: {}, ...result };
    },
  };
}
