/**
 * The one place where numbers lose digits, just before they are published: noise below what anyone can use costs history.
 *
 * Decisions are made on full precision; only what is written is rounded.
 */
function significant(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** Six where the first digit of a price is below 5, five otherwise. */
function priceDigits(usd: number): number {
  return Number(usd.toExponential()[0]) >= 5 ? 5 : 6;
}

/** To a tenth of a basis point, two at the most: six significant digits, five where the first one is 5 or more. */
export function roundPrice(usd: number): number {
  return significant(usd, priceDigits(usd));
}

/** One in the last of so many digits of a value that is not 0. */
function stepOf(value: number, digits: number): number {
  return 10 ** (Number(value.toExponential().split("e")[1]) - digits + 1);
}

/** Steps of rounding from `usd` to another price. */
export function priceSteps(usd: number, otherUsd: number): number {
  return Math.round((otherUsd - usd) / stepOf(usd, priceDigits(usd)));
}

/** The rounded price so many steps from `usd`. */
export function priceAtSteps(usd: number, steps: number): number {
  return roundPrice(usd + steps * stepOf(usd, priceDigits(usd)));
}

/** Whole dollars from 1,000 up, cents below. */
export function roundUsd(usd: number): number {
  return Math.abs(usd) >= 1_000 ? Math.round(usd) : Math.round(usd * 100) / 100;
}

/** Six significant digits of tokens: a million of the largest coin, less than one of most. */
export function roundUnits(tokens: number): number {
  return significant(tokens, 6);
}

const CHAIN_DIGITS = 4;

/** Four digits for one chain's part: where the tokens are, not how many to the last one. */
export function roundChainUnits(tokens: number): number {
  return significant(tokens, CHAIN_DIGITS);
}

/** Steps of rounding from a chain's part, which is not 0, to another. */
export function chainUnitSteps(tokens: number, otherTokens: number): number {
  return Math.round((otherTokens - tokens) / stepOf(tokens, CHAIN_DIGITS));
}

/** The rounded part so many steps from one that is not 0. */
export function chainUnitsAtSteps(tokens: number, steps: number): number {
  return roundChainUnits(tokens + steps * stepOf(tokens, CHAIN_DIGITS));
}

/** Two significant digits of USD in pools: how deep, not to the dollar. */
export function roundDepth(usd: number): number {
  return significant(usd, 2);
}

/** `now`, or what was published `before` where the two differ by less than `share` of it. */
export function resting(now: number | null, before: number | null | undefined, share: number): number | null {
  if (now === null || before === null || before === undefined || before <= 0) return now;
  return Math.abs(now - before) < share * before ? before : now;
}

/** Observations of the last hour are dated in steps of this much age. */
const AGE_STEP_SEC = 300;
const STEPPED_UP_TO_SEC = 3600;

/** A recent observation's time in steps of five minutes of age, never younger than it was and never later than the run. */
export function stepObservedAt(observedAt: number | null, nowSec: number): number | null {
  if (observedAt === null || nowSec - observedAt > STEPPED_UP_TO_SEC) return observedAt;
  return nowSec - Math.ceil(Math.max(0, nowSec - observedAt) / AGE_STEP_SEC) * AGE_STEP_SEC;
}

/** Tenths of a basis point. */
export function roundBps(bps: number): number {
  return Math.round(bps * 10) / 10;
}

/** Ten significant digits: what a computed quotient means, for rates from dollars per ounce to dollars per dong. */
export function roundRate(usdPerUnit: number): number {
  return significant(usdPerUnit, 10);
}

/** Thousandths of a point or per cent: half an hour off the peg in four years still shows. */
export function roundPoints(points: number): number {
  return Math.round(points * 1_000) / 1_000;
}

/** Four significant digits of USD: sums over weeks and averages, which slide a little with every hour. */
export function roundLongUsd(usd: number): number {
  return significant(usd, 4);
}

/** Tenths of a point. */
export function roundScore(points: number): number {
  return Math.round(points * 10) / 10;
}
