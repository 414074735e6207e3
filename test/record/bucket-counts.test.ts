import fc from "fast-check";
import { expect, test } from "vitest";
import { BucketCounts } from "../../record/bucket-counts.ts";
import { HIGHEST_BUCKET } from "../../record/buckets.ts";

type Hits = readonly (readonly [bucket: number, hits: number])[];

/** Few and many buckets, few and many hits of one: lists, pages, and pages of each width. */
const hits: fc.Arbitrary<Hits> = fc.array(
  fc.tuple(
    fc.oneof(fc.integer({ min: 0, max: HIGHEST_BUCKET }), fc.constantFrom(0, 7, 1023, 1024, HIGHEST_BUCKET)),
    fc.oneof(
      { weight: 8, arbitrary: fc.constant(1) },
      fc.constantFrom(2, 200, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32),
    ),
  ),
  { maxLength: 400, size: "max" },
);

const countsOf = (all: Hits): BucketCounts => {
  const counts = new BucketCounts();
  for (const [bucket, times] of all) counts.increase(bucket, times);
  return counts;
};

const modelOf = (all: Hits): [number, number][] => {
  const sums = new Map<number, number>();
  for (const [bucket, times] of all) sums.set(bucket, (sums.get(bucket) ?? 0) + times);
  return [...sums].filter(([, sum]) => sum > 0).sort(([a], [b]) => a - b);
};

const walked = (counts: BucketCounts): [number, number][] => {
  const seen: [number, number][] = [];
  counts.forEach((bucket, times) => {
    seen.push([bucket, times]);
  });
  return seen;
};

test("buckets come back in ascending order with their hits, however many there are", () => {
  fc.assert(
    fc.property(hits, (all) => {
      expect(walked(countsOf(all))).toEqual(modelOf(all));
    }),
  );
});

test("adding is the same as counting in one, and leaves what was added as it was", () => {
  fc.assert(
    fc.property(hits, hits, (ours, theirs) => {
      const counts = countsOf(ours);
      const other = countsOf(theirs);
      counts.add(other);
      counts.increase(7, 1);
      expect(walked(counts)).toEqual(modelOf([...ours, ...theirs, [7, 1]]));
      expect(walked(other)).toEqual(modelOf(theirs));
    }),
  );
});

test("what is taken back is gone, from a list as from pages", () => {
  fc.assert(
    fc.property(hits, fc.array(fc.boolean(), { maxLength: 400, size: "max" }), (all, isTaken) => {
      const counts = countsOf(all);
      const taken = all.filter((_, index) => isTaken[index]);
      for (const [bucket, times] of taken) counts.decrease(bucket, times);
      const left = modelOf([...all, ...taken.map(([bucket, times]): [number, number] => [bucket, -times])]);
      expect(walked(counts)).toEqual(left);
      for (const [bucket] of all) {
        expect(counts.get(bucket)).toBe(left.find(([each]) => each === bucket)?.[1] ?? 0);
      }
    }),
  );
});

test("a rank lies in the bucket in which as many hits have been walked", () => {
  fc.assert(
    fc.property(hits, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }), (all, shares) => {
      const model = modelOf(all);
      const total = model.reduce((sum, [, times]) => sum + times, 0);
      if (total === 0) return;
      const ranks = shares.map((share) => Math.max(1, Math.ceil(share * total))).sort((a, b) => a - b);
      const expected = ranks.map((rank) => {
        let sum = 0;
        return model.find(([, times]) => {
          sum += times;
          return sum >= rank;
        })?.[0];
      });
      expect(countsOf(all).atRanks(ranks)).toEqual(expected);
    }),
  );
});
