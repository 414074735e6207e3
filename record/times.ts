/**
 * A distribution of durations in the buckets of an HDR histogram, with the exact smallest, largest and sum kept apart.
 */
import { BucketCounts } from "./bucket-counts.ts";
import { bucketOf, ceilingOf, floorOf, HIGHEST_BUCKET, LOWEST_US, middleOf } from "./buckets.ts";

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
  readonly #counts = new BucketCounts();
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

  /** @param us whole µs; what lies outside of the buckets is counted at the edge, `maxUs` stays exact */
  record(us: number): void {
    this.#increase(bucketOf(us), 1);
    this.#sumUs += us;
    if (us < this.#minUs) this.#minUs = us;
    if (us > this.#maxUs) this.#maxUs = us;
  }

  /** Whether a value of the same bucket is held. */
  has(us: number): boolean {
    return this.#counts.get(bucketOf(us)) > 0;
  }

  /**
   * Takes one value back.
   * When it was the largest or smallest, the exact neighbour is not known any more: the bucket's bound stands in.
   * @returns false, and does nothing, if no such value is held
   */
  remove(us: number): boolean {
    if (!this.has(us)) return false;
    this.#decrease(bucketOf(us), 1);
    this.#sumUs -= us;
    this.#narrow();
    return true;
  }

  /** Forgets everything: one is filled again for each line of a log. */
  clear(): void {
    this.#counts.clear();
    this.#count = 0;
    this.#sumUs = 0;
    this.#minUs = Number.POSITIVE_INFINITY;
    this.#maxUs = 0;
    this.#summary = null;
  }

  /** Adds everything that `other` holds. Exact: the buckets are the same. */
  add(other: Times): void {
    this.#counts.add(other.#counts);
    this.#count += other.#count;
    this.#sumUs += other.#sumUs;
    this.#minUs = Math.min(this.#minUs, other.#minUs);
    this.#maxUs = Math.max(this.#maxUs, other.#maxUs);
    this.#summary = null;
  }

  /** Takes everything back that `other` holds; what is not here stays out (a damaged log), no count goes below zero. */
  subtract(other: Times): void {
    other.forEachBucket((bucket, count) => {
      const held = Math.min(count, this.#counts.get(bucket));
      if (held > 0) this.#decrease(bucket, held);
      this.#sumUs -= held * middleOf(bucket);
    });
    this.#narrow();
  }

  /**
   * Adds `count` values of which only the bucket is known, as it is read from a file. What cannot be one (a damaged file)
   * is left out.
   */
  addBucket(bucket: number, count: number): void {
    if (bucket > HIGHEST_BUCKET || !Number.isSafeInteger(count) || count < 1) return;
    this.#increase(bucket, count);
    this.#sumUs += count * middleOf(bucket);
    this.#minUs = Math.min(this.#minUs, Math.max(LOWEST_US, floorOf(bucket)));
    this.#maxUs = Math.max(this.#maxUs, ceilingOf(bucket));
  }

  /** The exact bounds and sum, where a file kept them apart from the buckets. */
  setExact(exact: { readonly minUs?: number; readonly maxUs?: number; readonly sumUs?: number }): void {
    this.#minUs = exact.minUs ?? this.#minUs;
    this.#maxUs = exact.maxUs ?? this.#maxUs;
    this.#sumUs = exact.sumUs ?? this.#sumUs;
    this.#summary = null;
  }

  /** How many values are larger, but for those of the same bucket. */
  countAbove(us: number): number {
    const last = bucketOf(us);
    let above = 0;
    this.forEachBucket((bucket, count) => {
      if (bucket > last) above += count;
    });
    return above;
  }

  /** Buckets that hold something, by their number, in ascending order. */
  forEachBucket(visit: (bucket: number, count: number) => void): void {
    this.#counts.forEach(visit);
  }

  /** The same with the smallest value of each bucket in µs. */
  buckets(): [floor: number, count: number][] {
    const buckets: [number, number][] = [];
    this.forEachBucket((bucket, count) => buckets.push([floorOf(bucket), count]));
    return buckets;
  }

  /** @param percentile 0 to 100 @returns ms; the largest value equivalent to it, never above the exact maximum */
  percentileMs(percentile: number): number {
    return this.#percentilesMs([percentile])[0] ?? 0;
  }

  summary(): TimesSummary {
    this.#summary ??= this.#summarize();
    return this.#summary;
  }

  #summarize(): TimesSummary {
    const [p50Ms = 0, p90Ms = 0, p95Ms = 0, p99Ms = 0, p999Ms = 0] = this.#percentilesMs([50, 90, 95, 99, 99.9]);
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

  /** One walk for all of them; `percentiles` ascend. */
  #percentilesMs(percentiles: readonly number[]): number[] {
    if (this.#count === 0) return [];
    // 99.9 / 100 * 1000 is 999.0000000000001 in floating point: without the small step back p99.9 would be the maximum.
    const ranks = percentiles.map((each) => Math.max(1, Math.ceil((each / 100) * this.#count - 1e-9 * this.#count)));
    return this.#counts.atRanks(ranks).map((bucket) => Math.min(ceilingOf(bucket), this.#maxUs) / 1000);
  }

  #increase(bucket: number, by: number): void {
    this.#counts.increase(bucket, by);
    this.#count += by;
    this.#summary = null;
  }

  #decrease(bucket: number, by: number): void {
    this.#counts.decrease(bucket, by);
    this.#count -= by;
    this.#summary = null;
  }

  #narrow(): void {
    let lowest = Number.POSITIVE_INFINITY;
    let highest = 0;
    this.forEachBucket((bucket) => {
      lowest = Math.min(lowest, floorOf(bucket));
      highest = ceilingOf(bucket);
    });
    this.#minUs = Math.max(this.#minUs, lowest);
    this.#maxUs = Math.min(this.#maxUs, highest);
    if (this.#count === 0) this.#sumUs = 0;
  }
}
