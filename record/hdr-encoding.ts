/**
 * The compressed V2 encoding of an HDR histogram, to and from our sparse buckets. What is written here is read by any
 * HdrHistogram library. Our own, since a library's walks 23,552 counters for each of thousands of mostly empty intervals.
 * @see https://github.com/HdrHistogram/HdrHistogram, `encodeIntoCompressedByteBuffer`
 */
import { deflateSync, inflateSync } from "node:zlib";
import { HIGHEST_US, LOWEST_US, Times } from "./times.ts";

const COOKIE = 0x1c849313;
const COMPRESSED_COOKIE = 0x1c849314;
const HEADER_BYTES = 40;
const SIGNIFICANT_DIGITS = 3;
const HALF = 1024;
/** A histogram of this range never needs more: a header and at most 9 bytes for each of 23,552 counters. */
const LARGEST_BYTES = 256 * 1024;

/** Place of a bucket in the dense array that the encoding describes. */
const indexOf = (floor: number): number => {
  if (floor < 2 * HALF) return floor;
  const bucket = 21 - Math.clz32(floor);
  return bucket * HALF + floor / 2 ** bucket;
};

const floorOf = (index: number): number => {
  if (index < 2 * HALF) return index;
  const bucket = Math.floor(index / HALF) - 1;
  return ((index % HALF) + HALF) * 2 ** bucket;
};

/** ZigZag LEB128: a count as it is, a run of n zeros as -n. Seven bits a byte; safe integers need at most eight. */
const putNumber = (bytes: number[], value: number): void => {
  let rest = value >= 0 ? value * 2 : -value * 2 - 1;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
};

/** @returns base64, as a line of a histogram log carries it */
export const encodeTimes = (times: Times): string => {
  const payload: number[] = [];
  let next = 0;
  for (const [floor, count] of times.buckets()) {
    const index = indexOf(floor);
    const zeros = index - next;
    if (zeros > 0) putNumber(payload, zeros === 1 ? 0 : -zeros);
    putNumber(payload, count);
    next = index + 1;
  }
  const plain = Buffer.alloc(HEADER_BYTES + payload.length);
  plain.writeUInt32BE(COOKIE, 0);
  plain.writeUInt32BE(payload.length, 4);
  plain.writeUInt32BE(0, 8);
  plain.writeUInt32BE(SIGNIFICANT_DIGITS, 12);
  plain.writeBigUInt64BE(BigInt(LOWEST_US), 16);
  plain.writeBigUInt64BE(BigInt(HIGHEST_US), 24);
  plain.writeDoubleBE(1, 32);
  plain.set(payload, HEADER_BYTES);
  const packed = deflateSync(plain);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(COMPRESSED_COOKIE, 0);
  head.writeUInt32BE(packed.length, 4);
  return Buffer.concat([head, packed]).toString("base64");
};

/** @returns null for what is not a whole histogram of our resolution (a torn line) */
export const decodeTimes = (base64: string): Times | null => {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length < 8 || bytes.readUInt32BE(0) !== COMPRESSED_COOKIE) return null;
  const plain = inflated(bytes.subarray(8, 8 + bytes.readUInt32BE(4)));
  if (plain === null || plain.length < HEADER_BYTES || plain.readUInt32BE(0) !== COOKIE) return null;
  if (plain.readUInt32BE(12) !== SIGNIFICANT_DIGITS || plain.readBigUInt64BE(16) !== BigInt(LOWEST_US)) return null;
  const times = new Times();
  const end = Math.min(plain.length, HEADER_BYTES + plain.readUInt32BE(4));
  let index = 0;
  for (let at = HEADER_BYTES; at < end; ) {
    let raw = 0;
    let scale = 1;
    let byte = 0;
    do {
      byte = plain[at++] ?? 0;
      raw += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128 && at < end);
    if (raw % 2 === 1) {
      index += (raw + 1) / 2;
    } else {
      if (raw > 0) times.addBucket(floorOf(index), raw / 2);
      index += 1;
    }
  }
  return times;
};

const inflated = (packed: Buffer): Buffer | null => {
  try {
    return inflateSync(packed, { maxOutputLength: LARGEST_BYTES });
  } catch {
    // A line that the end of a process cut in the middle.
    return null;
  }
};
