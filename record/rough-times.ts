/**
 * Durations to within 5 %, in few numbers: for what a record keeps many distributions of and reads percentiles from, such as
 * one for each level of load. Exact ones are `Times`.
 */
import * as z from "zod";
import { toUs } from "./times.ts";

/** Each bucket is a tenth wider than the one before. */
const STEP = Math.log(1.1);
const bucketOf = (ms: number): number => Math.floor(Math.log(toUs(ms)) / STEP);
const middleMs = (bucket: number): number => Math.exp((bucket + 0.5) * STEP) / 1000;
/** That of an hour and more. */
const HIGHEST = bucketOf(3_600_000);

/** Number of a bucket and count in turn. */
export const roughBuckets = z.array(z.number());

export class RoughTimes {
  #count = 0;
  /** By bucket, as far as there was one. */
  readonly #buckets: number[] = [];

  get count(): number {
    return this.#count;
  }

  record(ms: number): void {
    this.#increase(Math.min(HIGHEST, bucketOf(ms)), 1);
  }

  add(buckets: readonly number[]): void {
    for (let at = 0; at + 1 < buckets.length; at += 2) {
      const [bucket = 0, count = 0] = [buckets[at], buckets[at + 1]];
      const isOne = Number.isInteger(bucket) && bucket >= 0 && bucket <= HIGHEST;
      if (isOne && Number.isSafeInteger(count) && count > 0) this.#increase(bucket, count);
    }
  }

  buckets(): number[] {
    return this.#buckets.flatMap((count, bucket) => (count === 0 ? [] : [bucket, count]));
  }

  /** @param percentile 0 to 100 @returns ms; 0 when there is nothing */
  percentileMs(percentile: number): number {
    const rank = Math.max(1, Math.ceil((percentile / 100) * this.#count));
    let walked = 0;
    for (const [bucket, count] of this.#buckets.entries()) {
      walked += count;
      if (walked >= rank) return middleMs(bucket);
    }
    return 0;
  }

  #increase(bucket: number, by: number): void {
    while (this.#buckets.length <= bucket) this.#buckets.push(0);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + by;
    this.#count += by;
  }
}
