/** How likely a difference this large is by chance: the two-sided tail of Student's t. Pure arithmetic. */

/**
 * @param t difference over its standard error @param freedom degrees of freedom, above 0
 * @returns 0 to 1
 * @see Abramowitz and Stegun, 26.7.1 (by the incomplete beta function)
 */
export const twoSidedP = (t: number, freedom: number): number =>
  incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);

/** Regularised; x from 0 to 1. */
const incompleteBeta = (x: number, a: number, b: number): number => {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges quickly on one side of the mean alone; the other is its mirror.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log(1 - x) - logBeta(a, b)) / a;
  return front * continuedFraction(x, a, b);
};

const STEPS = 200;
const TINY = 1e-300;
const CLOSE = 1e-12;

/** By Lentz's method. @see Numerical Recipes, 3rd ed., 6.4 */
const continuedFraction = (x: number, a: number, b: number): number => {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let step = 1; step <= STEPS; step++) {
    const even = (step * (b - step) * x) / ((a + 2 * step - 1) * (a + 2 * step));
    const odd = (-(a + step) * (a + b + step) * x) / ((a + 2 * step) * (a + 2 * step + 1));
    let change = 1;
    for (const part of [even, odd]) {
      d = 1 / away(1 + part * d);
      c = away(1 + part / c);
      change = c * d;
      value *= change;
    }
    if (Math.abs(change - 1) < CLOSE) break;
  }
  return value;
};

const away = (value: number): number => (Math.abs(value) < TINY ? TINY : value);

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** Lanczos' coefficients for g = 5. */
const LANCZOS = [
  76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 0.001208650973866179,
  -0.000005395239384953,
] as const;

const logGamma = (x: number): number => {
  const base = x + 5.5;
  const series = LANCZOS.reduce((sum, each, index) => sum + each / (x + 1 + index), 1.000000000190015);
  return (x + 0.5) * Math.log(base) - base + Math.log((Math.sqrt(2 * Math.PI) * series) / x);
};
