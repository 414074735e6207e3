/** Counts that stand in a heat map's legend: from one to the most, as its colours are, by their logarithms. */

const STEPS = 5;

/** @param most in a field of the picture; 0 has no steps @returns ascending, each once */
export const heatSteps = (most: number): readonly number[] => {
  if (most < 1) return [];
  const steps = Array.from({ length: STEPS }, (_, at) => Math.round(most ** (at / (STEPS - 1))));
  return [...new Set(steps)];
};
