/** What a Curve pool says a coin is worth: one reference coin in, so much of this coin out. Pricing methodology, 5.7. */
import { fromBaseUnits } from "../sources/numbers.ts";

/** A quote this far from a dollar is a wrong pool or wrong decimals. */
const SANITY_CAP_USD = 10_000;

/**
 * USD per coin, or null. `dyRaw` is what `get_dy` gave for one unit in, base units as decimal text. `viaPriceUsd` prices that
 * unit: left out it is a dollar; null means the coin of a hop has no price, and the answer is none either.
 */
export function curveImpliedPrice(
  dyRaw: string | null,
  outputDecimals: number,
  viaPriceUsd: number | null = 1,
): number | null {
  if (dyRaw === null || viaPriceUsd === null || !(viaPriceUsd > 0)) return null;
  if (!Number.isInteger(outputDecimals) || outputDecimals < 0) return null;
  const out = fromBaseUnits(dyRaw, outputDecimals);
  if (out === null || out <= 0) return null;
  const implied = viaPriceUsd / out;
  return implied > 0 && implied < SANITY_CAP_USD ? implied : null;
}
