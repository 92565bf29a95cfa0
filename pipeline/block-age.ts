/** Whether the newest block that a node knows says anything of now. */
import { FUTURE_TOLERANCE_SEC } from "./time.ts";

const MAX_BLOCK_AGE_SEC = 3_600;

/** Why a block does not speak of `nowSec`, both unix seconds; null when it does. */
export function blockProblem(chain: string, blockTimestamp: number, nowSec: number): string | null {
  const ageSec = nowSec - blockTimestamp;
  if (ageSec <= MAX_BLOCK_AGE_SEC && ageSec >= -FUTURE_TOLERANCE_SEC) return null;
  const minutes = Math.round(Math.abs(ageSec) / 60);
  const when = ageSec > 0 ? `${minutes} minutes old` : `${minutes} minutes ahead of our clock`;
  return `${chain}: the newest block its node knows is ${when}, so it says nothing of now`;
}
