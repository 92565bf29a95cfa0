/**
 * The price a Curve stable pool would trade at: marginal, without its fee, from balances and amplification.
 *
 * Balances are in tokens. The invariant is A·n^n·S + D = A·n^n·D + D^(n+1)/(n^n·P), solved for D by Newton's rule; Curve's
 * published coefficient is A·n^(n-1), so A·n^n is the coefficient times n. The price of i in j is the ratio of the derivatives.
 */
const ROUNDS = 100;

function invariant(balances: readonly number[], ann: number): number {
  const n = balances.length;
  const sum = balances.reduce((total, balance) => total + balance, 0);
  let d = sum;
  for (let round = 0; round < ROUNDS; round++) {
    const product = balances.reduce((dp, balance) => (dp * d) / (balance * n), d);
    const next = ((ann * sum + product * n) * d) / ((ann - 1) * d + (n + 1) * product);
    if (Math.abs(next - d) <= 1e-9 * d) return next;
    d = next;
  }
  return d;
}

/** How much of `j` one unit of `i` is worth in the pool; null for a pool that is empty or not understood. */
export function stableswapPrice(balances: readonly number[], coefficient: number, i: number, j: number): number | null {
  const n = balances.length;
  const [x, y] = [balances[i], balances[j]];
  if (n < 2 || x === undefined || y === undefined || i === j || !(coefficient > 0)) return null;
  if (balances.some((balance) => !(balance > 0))) return null;
  const ann = coefficient * n;
  const d = invariant(balances, ann);
  const product = balances.reduce((dp, balance) => (dp * d) / (balance * n), d);
  const price = ((ann + product / x) / (ann + product / y)) as number;
  return Number.isFinite(price) && price > 0 ? price : null;
}
