/**
 * Whether something rises over time or with calls, robustly: Theil–Sen's slope, the median of the slopes between all pairs of
 * points, with Sen's rank interval. A few outliers, such as a collection of garbage, change neither.
 * @see Sen, Estimates of the regression coefficient based on Kendall's tau, JASA 63 (1968)
 */

import { median } from "./median.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Per unit of x, with the ends of its 95 % interval. */
export interface Slope {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

/** Of fewer points the interval would be wider than all their slopes. */
export const FEWEST_POINTS = 4;
/** Neighbours are joined to this many: readings that follow one another are not independent, their medians nearly are. */
const MOST_POINTS = 12;
const Z95 = 1.96;

/** @returns null for fewer than four points, or when x does not move */
export const slopeOf = (points: readonly Point[]): Slope | null => {
  const joined = joinedPoints(points);
  if (joined.length < FEWEST_POINTS) return null;
  const slopes = joined
    .flatMap((a, index) => joined.slice(index + 1).flatMap((b) => (b.x === a.x ? [] : (b.y - a.y) / (b.x - a.x))))
    .sort((a, b) => a - b);
  if (slopes.length === 0) return null;
  const n = joined.length;
  // Of Kendall's S, for points without ties.
  const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const off = (Z95 * deviation) / 2;
  const at = (rank: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, rank))] ?? 0;
  return {
    slope: median(slopes),
    low: at(Math.floor(slopes.length / 2 - off) - 1),
    high: at(Math.ceil(slopes.length / 2 + off)),
  };
};

const joinedPoints = (points: readonly Point[]): readonly Point[] => {
  const count = Math.min(MOST_POINTS, points.length);
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * points.length) / count);
    const block = points.slice(from, Math.floor(((index + 1) * points.length) / count));
    return { x: median(block.map(({ x }) => x)), y: median(block.map(({ y }) => y)) };
  });
};
