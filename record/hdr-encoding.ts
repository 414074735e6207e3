/**
 * The compressed V2 encoding of an HDR histogram, to and from our sparse buckets. What is written here is read by any
 * HdrHistogram library. Our own, since a library's walks 23,552 counters for each of thousands of mostly empty intervals.
 * @see https://github.com/HdrHistogram/HdrHistogram, `encodeIntoCompressedByteBuffer`
 */
import { deflateSync, inflateSync } from "node:zlib";
import { HIGHEST_US, LOWEST_US } from "./buckets.ts";
import { Times } from "./times.ts";

const COOKIE = 0x1c849313;
const COMPRESSED_COOKIE = 0x1c849314;
const HEADER_BYTES = 40;
const SIGNIFICANT_DIGITS = 3;
/** A histogram of this range never needs more: a header and at most 9 bytes for each of 23,552 counters. */
const LARGEST_BYTES = 256 * 1024;

/**
 * Payloads up to here stand in the zlib stream as they are: a compressor for each of a thousand lines a second took half of
 * the recorder's CPU, to make the log a sixth smaller.
 */
const MOST_STORED_BYTES = 2048;
const COMPRESSED_HEAD_BYTES = 8;
/** zlib's two bytes, then one stored block's type and its length, plain and inverted. */
const STORED_HEAD_BYTES = 7;
const ADLER_BYTES = 4;
/** Deflate, 32 kB window, no dictionary; a last block that is stored. */
const STORED_BLOCK = 0x780101;
const PLAIN_AT = COMPRESSED_HEAD_BYTES + STORED_HEAD_BYTES;
const PAYLOAD_AT = PLAIN_AT + HEADER_BYTES;

/** Every line is written here, one after the other; what is the same in all stands already. */
const line = Buffer.alloc(PLAIN_AT + LARGEST_BYTES);
line.writeUInt32BE(COMPRESSED_COOKIE, 0);
line.writeUIntBE(STORED_BLOCK, COMPRESSED_HEAD_BYTES, 3);
line.writeUInt32BE(COOKIE, PLAIN_AT);
line.writeUInt32BE(SIGNIFICANT_DIGITS, PLAIN_AT + 12);
line.writeBigUInt64BE(BigInt(LOWEST_US), PLAIN_AT + 16);
line.writeBigUInt64BE(BigInt(HIGHEST_US), PLAIN_AT + 24);
line.writeDoubleBE(1, PLAIN_AT + 32);

/** ZigZag LEB128: a count as it is, a run of n zeros as -n. Seven bits a byte; safe integers need at most eight. */
const putNumber = (value: number, at: number): number => {
  let next = at;
  let rest = value >= 0 ? value * 2 : -value * 2 - 1;
  while (rest >= 128) {
    line[next++] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
  }
  line[next++] = rest;
  return next;
};

/** @returns base64, as a line of a histogram log carries it */
export const encodeTimes = (times: Times): string => {
  let end = PAYLOAD_AT;
  let next = 0;
  times.forEachBucket((bucket, count) => {
    const zeros = bucket - next;
    if (zeros > 0) end = putNumber(zeros === 1 ? 0 : -zeros, end);
    end = putNumber(count, end);
    next = bucket + 1;
  });
  line.writeUInt32BE(end - PAYLOAD_AT, PLAIN_AT + 4);
  return end - PAYLOAD_AT > MOST_STORED_BYTES ? deflated(end) : stored(end);
};

/** @see RFC 1950, section 2.2, and RFC 1951, section 3.2.4 */
const stored = (end: number): string => {
  const length = end - PLAIN_AT;
  line.writeUInt16LE(length, PLAIN_AT - 4);
  line.writeUInt16LE(length ^ 0xffff, PLAIN_AT - 2);
  line.writeUInt32BE(adler32(line, PLAIN_AT, end), end);
  line.writeUInt32BE(end + 4 - COMPRESSED_HEAD_BYTES, 4);
  return line.toString("base64", 0, end + 4);
};

const deflated = (end: number): string => {
  const packed = deflateSync(line.subarray(PLAIN_AT, end));
  line.writeUInt32BE(packed.length, 4);
  return Buffer.concat([line.subarray(0, COMPRESSED_HEAD_BYTES), packed]).toString("base64");
};

/** Of one histogram at most: sums that need no remainder on the way. */
const adler32 = (bytes: Buffer, from: number, end: number): number => {
  let a = 1;
  let b = 0;
  for (let at = from; at < end; at++) {
    a += bytes[at] ?? 0;
    b += a;
  }
  return (b % 65_521) * 65_536 + (a % 65_521);
};

/** @returns null for what is not a whole histogram of our resolution (a torn line) */
export const decodeTimes = (base64: string): Times | null => {
  const bytes = Buffer.from(base64, "latin1");
  const times = new Times();
  return decodeInto(times, bytes, 0, bytes.length) ? times : null;
};

/**
 * The same without a string, for a log of a million lines.
 * @param times to be added to
 * @param bytes hold the base64 from `from` to `end`
 * @returns false, and adds nothing, for what is not a whole histogram of our resolution
 */
export const decodeInto = (times: Times, bytes: Uint8Array, from: number, end: number): boolean => {
  const length = unpacked(bytes, from, end);
  if (length < COMPRESSED_HEAD_BYTES || packed.readUInt32BE(0) !== COMPRESSED_COOKIE) return false;
  const packedEnd = Math.min(length, COMPRESSED_HEAD_BYTES + packed.readUInt32BE(4));
  const plainEnd = storedEnd(packedEnd);
  if (plainEnd !== null) return addCounts(times, packed, PLAIN_AT, plainEnd);
  const plain = inflated(packed.subarray(COMPRESSED_HEAD_BYTES, packedEnd));
  return plain !== null && addCounts(times, plain, 0, plain.length);
};

const addCounts = (times: Times, plain: Buffer, at: number, plainEnd: number): boolean => {
  if (plainEnd - at < HEADER_BYTES || plain.readUInt32BE(at) !== COOKIE) return false;
  if (plain.readUInt32BE(at + 12) !== SIGNIFICANT_DIGITS) return false;
  if (plain.readUInt32BE(at + 16) !== 0 || plain.readUInt32BE(at + 20) !== LOWEST_US) return false;
  const end = Math.min(plainEnd, at + HEADER_BYTES + plain.readUInt32BE(at + 4));
  let index = 0;
  for (let next = at + HEADER_BYTES; next < end; ) {
    let raw = 0;
    let scale = 1;
    let byte = 0;
    do {
      byte = plain[next++] ?? 0;
      raw += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128 && next < end);
    if (raw % 2 === 1) {
      index += (raw + 1) / 2;
    } else {
      if (raw > 0) times.addBucket(index, raw / 2);
      index += 1;
    }
  }
  return true;
};

const inflated = (bytes: Buffer): Buffer | null => {
  try {
    return inflateSync(bytes, { maxOutputLength: LARGEST_BYTES });
  } catch {
    // A line that the end of a process cut in the middle.
    return null;
  }
};

/**
 * Where the payload of one stored block ends that lies before `end` of what was unpacked; null for anything else. To read
 * a log is to read a million of them: zlib took most of it.
 */
const storedEnd = (end: number): number | null => {
  if (end < PLAIN_AT + ADLER_BYTES || packed.readUIntBE(COMPRESSED_HEAD_BYTES, 3) !== STORED_BLOCK) return null;
  const length = packed.readUInt16LE(PLAIN_AT - 4);
  const plainEnd = PLAIN_AT + length;
  if (packed.readUInt16LE(PLAIN_AT - 2) !== (length ^ 0xffff) || end !== plainEnd + ADLER_BYTES) return null;
  return packed.readUInt32BE(plainEnd) === adler32(packed, PLAIN_AT, plainEnd) ? plainEnd : null;
};

/** What stands in the base64 of the line that is being read. */
const packed = Buffer.alloc(LARGEST_BYTES);

const NO_DIGIT = 255;
const DIGITS = new Uint8Array(256).fill(NO_DIGIT);
for (const [value, digit] of [
  ...Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"),
].entries())
  DIGITS[digit] = value;
const PADDING = 61;

/** Base64 to `packed`. By hand: a string and two buffers for each of a million lines took longer than all else about them. */
const unpacked = (bytes: Uint8Array, from: number, end: number): number => {
  let last = end;
  while (last > from && bytes[last - 1] === PADDING) last -= 1;
  if (((last - from) * 3) / 4 > packed.length) return 0;
  let held = 0;
  let bits = 0;
  let to = 0;
  for (let at = from; at < last; at++) {
    const value = DIGITS[bytes[at] ?? 0] ?? NO_DIGIT;
    if (value === NO_DIGIT) return 0;
    held = ((held & 0xffff) << 6) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    packed[to++] = held >>> bits;
  }
  return to;
};
