import fc from "fast-check";
import { build } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { HIGHEST_US } from "../../record/buckets.ts";
import { Times, toUs } from "../../record/times.ts";

const microseconds = fc.oneof(fc.integer({ min: 1, max: 5_000_000 }), fc.integer({ min: 1, max: HIGHEST_US }));

test("percentiles are those of an HDR histogram with three digits, and the bounds are exact", () => {
  fc.assert(
    fc.property(fc.array(microseconds, { minLength: 1, maxLength: 300 }), (values) => {
      const times = new Times();
      const peer = build({ highestTrackableValue: HIGHEST_US, numberOfSignificantValueDigits: 3, bitBucketSize: 32 });
      for (const us of values) {
        times.record(us);
        peer.recordValue(us);
      }
      for (const percentile of [0.1, 50, 90, 95, 99, 99.9]) {
        const exact = Math.min(peer.getValueAtPercentile(percentile), Math.max(...values)) / 1000;
        expect(times.percentileMs(percentile)).toBe(exact);
      }
      const summary = times.summary();
      expect(summary.minMs).toBe(Math.min(...values) / 1000);
      expect(summary.maxMs).toBe(Math.max(...values) / 1000);
      expect(summary.sumMs).toBe(values.reduce((sum, us) => sum + us, 0) / 1000);
    }),
  );
});

test("adding what was recorded in parts is the same as recording it in one", () => {
  fc.assert(
    fc.property(fc.array(fc.array(microseconds, { maxLength: 40 }), { minLength: 1, maxLength: 16 }), (parts) => {
      const one = new Times();
      const sum = new Times();
      for (const part of parts) {
        const times = new Times();
        for (const us of part) {
          one.record(us);
          times.record(us);
        }
        sum.add(times);
      }
      expect(sum.buckets()).toEqual(one.buckets());
      expect(sum.summary()).toEqual(one.summary());
    }),
  );
});

test("a value taken back leaves what there was before, the maximum within its bucket", () => {
  const times = new Times();
  times.record(toUs(10));
  times.record(toUs(500.123));
  expect(times.remove(toUs(500.123))).toBe(true);
  expect(times.buckets()).toEqual([[9_992 + 8, 1]].map(([floor, count]) => [(floor ?? 0) - ((floor ?? 0) % 8), count]));
  expect(times.summary()).toMatchObject({ count: 1, minMs: 10, sumMs: 10 });
  expect(times.summary().maxMs).toBeCloseTo(10, 1);
  expect(times.remove(toUs(500.123))).toBe(false);
});

test("what lies outside of 1 µs to 1 h is counted at the edge, and the exact maximum is kept", () => {
  const times = new Times();
  times.record(toUs(-3));
  times.record(toUs(7_200_000));
  expect(times.count).toBe(2);
  expect(times.summary().minMs).toBe(0.001);
  expect(times.summary().maxMs).toBe(7_200_000);
});

test("memory follows the number of different values, not of calls", () => {
  const times = new Times();
  for (let call = 0; call < 100_000; call++) times.record(1_000 + (call % 50));
  expect(times.buckets()).toHaveLength(50);
});

test("no value is no percentile and no division by zero", () => {
  expect(new Times().summary()).toMatchObject({ count: 0, minMs: 0, meanMs: 0, p99Ms: 0, maxMs: 0 });
});
