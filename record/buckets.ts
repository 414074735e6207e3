/**
 * Where the buckets of our HDR histograms lie: 3 significant digits from 1 µs to 1 h, numbered from 0 as the dense array of
 * an HdrHistogram is, so that a number here is a place in its encoding.
 */

/** 2 x 10^3 rounded up to a power of two: values below it are exact, above it the top 11 bits count. */
const SUB_BUCKETS = 2048;
const HALF = SUB_BUCKETS / 2;
const SUB_BUCKET_BITS = 11;

/** Range of what is recorded, in µs. What lies outside is counted at the edge. */
export const LOWEST_US = 1;
export const HIGHEST_US = 3_600_000_000;

/** Number of the bucket that holds `us`. */
export const bucketOf = (us: number): number => {
  const inRange = us > HIGHEST_US ? HIGHEST_US : us < 0 ? 0 : us;
  const dropped = Math.max(0, 32 - SUB_BUCKET_BITS - Math.clz32(inRange));
  return dropped * HALF + (inRange >>> dropped);
};

/** How many bits of a value do not count in this bucket. */
const droppedBits = (bucket: number): number => (bucket < SUB_BUCKETS ? 0 : (bucket >>> (SUB_BUCKET_BITS - 1)) - 1);

/** How many values a bucket holds. Shifted, not raised: a report asks for millions of bounds. */
const widthOf = (bucket: number): number => 1 << droppedBits(bucket);

/** Smallest value of a bucket, in µs. */
export const floorOf = (bucket: number): number => {
  const dropped = droppedBits(bucket);
  return (bucket - dropped * HALF) * (1 << dropped);
};

/** Largest value of a bucket, in µs. */
export const ceilingOf = (bucket: number): number => floorOf(bucket) + widthOf(bucket) - 1;

/** What stands for the values of a bucket when only their number is known, in µs. */
export const middleOf = (bucket: number): number => floorOf(bucket) + (widthOf(bucket) >>> 1);

export const HIGHEST_BUCKET = bucketOf(HIGHEST_US);
