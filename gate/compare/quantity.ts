/** The quantities that two runs are compared by: how each reads, on which scale, and how far runs of one build differ in it. */

export const QUANTITIES = ["p50Ms", "p95Ms", "p99Ms", "meanMs", "throughput", "errorPercent"] as const;
export type Quantity = (typeof QUANTITIES)[number];

export interface QuantityRule {
  readonly title: string;
  readonly unit: "ms" | "/s" | "%";
  /** `ratio`: differences are shares of the value (times spread by factors). `points`: plain differences. */
  readonly scale: "ratio" | "points";
  readonly worse: "higher" | "lower";
  /** What is said when it got worse, and when it got better. */
  readonly words: { readonly worse: string; readonly better: string };
  /**
   * Standard deviation from run to run of the same build on the same machine, beyond what a single run shows of itself: a
   * share of the value, or points. Measured; docs/compare.md says on what.
   */
  readonly runToRun: number;
}

const SLOWER = { worse: "slower", better: "faster" } as const;

export const RULES = {
  p50Ms: { title: "p50", unit: "ms", scale: "ratio", worse: "higher", words: SLOWER, runToRun: 0.02 },
  p95Ms: { title: "p95", unit: "ms", scale: "ratio", worse: "higher", words: SLOWER, runToRun: 0.03 },
  p99Ms: { title: "p99", unit: "ms", scale: "ratio", worse: "higher", words: SLOWER, runToRun: 0.05 },
  meanMs: { title: "mean", unit: "ms", scale: "ratio", worse: "higher", words: SLOWER, runToRun: 0.02 },
  throughput: {
    title: "throughput",
    unit: "/s",
    scale: "ratio",
    worse: "lower",
    words: { worse: "less", better: "more" },
    runToRun: 0.04,
  },
  errorPercent: {
    title: "errors",
    unit: "%",
    scale: "points",
    worse: "higher",
    words: { worse: "more", better: "fewer" },
    runToRun: 0.05,
  },
} as const satisfies Record<Quantity, QuantityRule>;

/** Those that are a percentile of times, and which. */
export const PERCENTILES = { p50Ms: 50, p95Ms: 95, p99Ms: 99 } as const satisfies Partial<Record<Quantity, number>>;
export type PercentileQuantity = keyof typeof PERCENTILES;
export const PERCENTILE_QUANTITIES = Object.keys(PERCENTILES) as readonly PercentileQuantity[];

/** Those that are times. */
export const TIME_QUANTITIES = ["p50Ms", "p95Ms", "p99Ms", "meanMs"] as const satisfies readonly Quantity[];
