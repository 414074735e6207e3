/**
 * A distribution of durations in the buckets of an HDR histogram (3 significant digits, 1 µs to 1 h), with the exact
 * smallest, largest and sum kept apart. Only buckets that hold something take memory: a dense histogram of this range
 * has 23,552 counters, and a run has five of them for every name and outcome.
 */

/** 2 x 10^3 rounded up to a power of two: values below it are exact, above it the top 11 bits count. */
const SUB_BUCKETS = 2048;
const SUB_BUCKET_BITS = 11;

/** Range of what is recorded, in µs. What lies outside is counted at the edge; `maxUs` stays exact. */
export const LOWEST_US = 1;
export const HIGHEST_US = 3_600_000_000;

/** How far a value of this size lies below the next bucket, in µs. */
const bucketWidth = (us: number): number => (us < SUB_BUCKETS ? 1 : 2 ** (32 - SUB_BUCKET_BITS - Math.clz32(us)));

/** Smallest value of the bucket that holds `us`. */
export const bucketFloor = (us: number): number => {
  const inRange = Math.min(us, HIGHEST_US);
  return inRange - (inRange % bucketWidth(inRange));
};

const bucketCeiling = (floor: number): number => floor + bucketWidth(floor) - 1;

/** Milliseconds to whole µs in range from below. A clock offset can make a wait of nothing slightly negative. */
export const toUs = (ms: number): number => Math.max(LOWEST_US, Math.round(ms * 1000));

/** Milliseconds throughout. Percentiles carry 3 significant digits; `minMs`, `maxMs`, `sumMs` are exact. */
export interface TimesSummary {
  readonly count: number;
  readonly minMs: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
  readonly sumMs: number;
}

export class Times {
  /** Smallest value of a bucket, in µs, to its count. */
  readonly #counts = new Map<number, number>();
  #count = 0;
  #sumUs = 0;
  #minUs = Number.POSITIVE_INFINITY;
  #maxUs = 0;
  #summary: TimesSummary | null = null;

  get count(): number {
    return this.#count;
  }

  get maxUs(): number {
    return this.#maxUs;
  }

  record(us: number): void {
    this.#change(bucketFloor(us), 1);
    this.#sumUs += us;
    if (us < this.#minUs) this.#minUs = us;
    if (us > this.#maxUs) this.#maxUs = us;
  }

  /** Whether a value of the same bucket is held. */
  has(us: number): boolean {
    return this.#counts.has(bucketFloor(us));
  }

  /**
   * Takes one value back.
   * When it was the largest or smallest, the exact neighbour is not known any more: the bucket's bound stands in.
   * @returns false, and does nothing, if no such value is held
   */
  remove(us: number): boolean {
    const floor = bucketFloor(us);
    if (!this.#counts.has(floor)) return false;
    this.#change(floor, -1);
    this.#sumUs -= us;
    this.#narrow();
    return true;
  }

  /** Adds everything that `other` holds. Exact: the buckets are the same. */
  add(other: Times): void {
    for (const [floor, count] of other.#counts) this.#change(floor, count);
    this.#sumUs += other.#sumUs;
    this.#minUs = Math.min(this.#minUs, other.#minUs);
    this.#maxUs = Math.max(this.#maxUs, other.#maxUs);
  }

  /** Takes everything back that `other` holds; what is not here stays out (a damaged log), no count goes below zero. */
  subtract(other: Times): void {
    for (const [floor, count] of other.#counts) {
      const held = Math.min(count, this.#counts.get(floor) ?? 0);
      if (held > 0) this.#change(floor, -held);
      this.#sumUs -= held * middleOf(floor);
    }
    this.#narrow();
  }

  /** Adds `count` values of which only the bucket is known, as it is read from a file. */
  addBucket(floor: number, count: number): void {
    this.#change(bucketFloor(floor), count);
    this.#sumUs += count * middleOf(floor);
    this.#minUs = Math.min(this.#minUs, Math.max(LOWEST_US, floor));
    this.#maxUs = Math.max(this.#maxUs, bucketCeiling(floor));
  }

  /** The exact bounds and sum, where a file kept them apart from the buckets. */
  setExact(exact: { readonly minUs?: number; readonly maxUs?: number; readonly sumUs?: number }): void {
    this.#minUs = exact.minUs ?? this.#minUs;
    this.#maxUs = exact.maxUs ?? this.#maxUs;
    this.#sumUs = exact.sumUs ?? this.#sumUs;
    this.#summary = null;
  }

  /** Buckets in ascending order: smallest value in µs, count. */
  buckets(): [floor: number, count: number][] {
    return [...this.#counts].sort((a, b) => a[0] - b[0]);
  }

  /** @param percentile 0 to 100 @returns ms; the largest value equivalent to it, never above the exact maximum */
  percentileMs(percentile: number): number {
    return percentilesMs(this.buckets(), this.#count, this.#maxUs, [percentile])[0] ?? 0;
  }

  summary(): TimesSummary {
    this.#summary ??= this.#summarize();
    return this.#summary;
  }

  #summarize(): TimesSummary {
    const [p50Ms = 0, p90Ms = 0, p95Ms = 0, p99Ms = 0, p999Ms = 0] = percentilesMs(
      this.buckets(),
      this.#count,
      this.#maxUs,
      [50, 90, 95, 99, 99.9],
    );
    const isEmpty = this.#count === 0;
    return {
      count: this.#count,
      minMs: isEmpty ? 0 : this.#minUs / 1000,
      meanMs: isEmpty ? 0 : Math.round(this.#sumUs / this.#count) / 1000,
      p50Ms,
      p90Ms,
      p95Ms,
      p99Ms,
      p999Ms,
      maxMs: this.#maxUs / 1000,
      sumMs: this.#sumUs / 1000,
    };
  }

  #change(floor: number, by: number): void {
    const count = (this.#counts.get(floor) ?? 0) + by;
    if (count === 0) this.#counts.delete(floor);
    else this.#counts.set(floor, count);
    this.#count += by;
    this.#summary = null;
  }

  #narrow(): void {
    let lowest = Number.POSITIVE_INFINITY;
    let highest = 0;
    for (const floor of this.#counts.keys()) {
      lowest = Math.min(lowest, floor);
      highest = Math.max(highest, bucketCeiling(floor));
    }
    this.#minUs = Math.max(this.#minUs, lowest);
    this.#maxUs = Math.min(this.#maxUs, highest);
    if (this.#count === 0) this.#sumUs = 0;
  }
}

const middleOf = (floor: number): number => floor + Math.floor(bucketWidth(floor) / 2);

/** One walk for all of them; `percentiles` ascend. */
const percentilesMs = (
  buckets: readonly (readonly [number, number])[],
  total: number,
  maxUs: number,
  percentiles: readonly number[],
): number[] => {
  let walked = 0;
  let at = -1;
  return percentiles.map((percentile) => {
    // 99.9 / 100 * 1000 is 999.0000000000001 in floating point: without the small step back p99.9 would be the maximum.
    const wanted = Math.max(1, Math.ceil((percentile / 100) * total - 1e-9 * total));
    while (walked < wanted && at + 1 < buckets.length) walked += buckets[++at]?.[1] ?? 0;
    const floor = buckets[at]?.[0];
    return floor === undefined ? 0 : Math.min(bucketCeiling(floor), maxUs) / 1000;
  });
};
