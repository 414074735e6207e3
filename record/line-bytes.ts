/** The lines of a log as bytes in a buffer: of a million of them most are passed over, and a string for each would be the cost. */
import { closeSync, existsSync, openSync, readSync } from "node:fs";

const CHUNK_BYTES = 1024 * 1024;
/** No line of ours is longer: a histogram with all its counters, in base64. Of a longer one the end alone is told. */
const LONGEST_LINE = 512 * 1024;
const NEWLINE = 10;

/**
 * @param bytes of the file that are committed; a last line without its end is left out
 * @param visit is told where in `buffer` a line begins and ends; the bytes stay there until it returns
 */
export const forEachLine = (
  path: string,
  bytes: number,
  visit: (buffer: Buffer, from: number, end: number) => void,
): void => {
  if (!existsSync(path)) return;
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(LONGEST_LINE + CHUNK_BYTES);
    let held = 0;
    for (let at = 0; at < bytes; ) {
      const got = readSync(file, buffer, held, Math.min(CHUNK_BYTES, bytes - at), at);
      if (got === 0) return;
      at += got;
      const end = held + got;
      let from = 0;
      for (let to = buffer.indexOf(NEWLINE, from); to !== -1 && to < end; to = buffer.indexOf(NEWLINE, from)) {
        visit(buffer, from, to);
        from = to + 1;
      }
      held = end - from;
      if (held > LONGEST_LINE) held = 0;
      else buffer.copyWithin(0, from, end);
    }
  } finally {
    closeSync(file);
  }
};
