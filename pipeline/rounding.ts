/**
 * The one place where numbers lose digits, just before they are published: noise below what anyone can use costs history.
 *
 * Decisions are made on full precision; only what is written is rounded.
 */
function significant(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** Six significant digits: 0.1 bp or better of any price, a cent of an ounce of gold. */
export function roundPrice(usd: number): number {
  return significant(usd, 6);
}

/** Whole dollars from 1,000 up, cents below. */
export function roundUsd(usd: number): number {
  return Math.abs(usd) >= 1_000 ? Math.round(usd) : Math.round(usd * 100) / 100;
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
