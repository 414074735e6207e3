/** Rows of a picture over times: as wide as each other on a logarithmic axis, from the shortest to the longest that there was. */
import { floorOf, HIGHEST_BUCKET } from "../../record/buckets.ts";
import type { Times } from "../../record/times.ts";

const MOST_ROWS = 36;
/** Narrower rows would show the buckets of the histogram. */
const LEAST_STEP = 1.08;

export class LogRows {
  /** Where each begins, ms, ascending. */
  readonly beginningsMs: readonly number[];
  readonly #lowestUs: number;
  readonly #logStep: number;
  /** By bucket, as far as it was asked for, counted from 1: a heat map asks for the same ones in each of its slots. */
  readonly #rows = new Uint8Array(HIGHEST_BUCKET + 1);

  constructor(all: readonly Times[]) {
    const bounds = all.filter(({ count }) => count > 0).map((times) => times.summary());
    const lowestMs = bounds.reduce((low, { minMs }) => Math.min(low, minMs), Number.POSITIVE_INFINITY);
    const highestMs = bounds.reduce((high, { maxMs }) => Math.max(high, maxMs), 0);
    this.#lowestUs = Math.max(1, bounds.length === 0 ? 1 : lowestMs * 1000);
    const span = Math.max(LEAST_STEP, (highestMs * 1000) / this.#lowestUs);
    this.#logStep = Math.max(Math.log(LEAST_STEP), (Math.log(span) * 1.0001) / MOST_ROWS);
    const count = bounds.length === 0 ? 0 : Math.min(MOST_ROWS, Math.ceil(Math.log(span) / this.#logStep));
    this.beginningsMs = Array.from({ length: count }, (_, row) =>
      Number(((this.#lowestUs * Math.exp(row * this.#logStep)) / 1000).toPrecision(4)),
    );
  }

  /** How many of these times lie in each row. */
  counts(times: Times): number[] {
    const counts = this.beginningsMs.map(() => 0);
    if (counts.length === 0) return counts;
    times.forEachBucket((bucket, count) => {
      const row = this.#rowOf(bucket);
      counts[row] = (counts[row] ?? 0) + count;
    });
    return counts;
  }

  #rowOf(bucket: number): number {
    const known = this.#rows[bucket] ?? 0;
    if (known > 0) return known - 1;
    const row = Math.floor(Math.log(Math.max(1, floorOf(bucket)) / this.#lowestUs) / this.#logStep);
    const place = Math.min(this.beginningsMs.length - 1, Math.max(0, row));
    this.#rows[bucket] = place + 1;
    return place;
  }
}
