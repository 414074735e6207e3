/**
 * Lines of a latency log whose tag somebody wants. The others are passed over unread: an hour's log has a million lines, and a
 * picture of the service times needs a fifth of them.
 */
import { closeSync, existsSync, openSync, readSync } from "node:fs";

const CHUNK_BYTES = 1024 * 1024;
/** No line of ours is longer: a histogram with all its counters, in base64. What is longer is no line. */
const LONGEST_LINE = 512 * 1024;
const NEWLINE = 10;
const COMMA = 44;
const MARK = "Tag=";
const T = MARK.charCodeAt(0);

/**
 * @param bytes of the file that are committed; a last line without its end is left out
 * @param isWanted asked once for each tag
 */
export function* taggedLines(path: string, bytes: number, isWanted: (tag: string) => boolean): Generator<string> {
  if (!existsSync(path)) return;
  const wanted = new Map<string, boolean>();
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
        const tag = tagIn(buffer, from, to);
        if (tag !== null && known(wanted, tag, isWanted)) yield buffer.toString("latin1", from, to);
        from = to + 1;
      }
      held = end - from;
      if (held > LONGEST_LINE) held = 0;
      else buffer.copyWithin(0, from, end);
    }
  } finally {
    closeSync(file);
  }
}

const tagIn = (buffer: Buffer, from: number, to: number): string | null => {
  if (buffer[from] !== T) return null;
  const comma = buffer.indexOf(COMMA, from);
  if (comma === -1 || comma > to) return null;
  const tag = buffer.toString("latin1", from, comma);
  return tag.startsWith(MARK) ? tag.slice(MARK.length) : null;
};

const known = (wanted: Map<string, boolean>, tag: string, isWanted: (tag: string) => boolean): boolean => {
  let answer = wanted.get(tag);
  if (answer === undefined) {
    answer = isWanted(tag);
    wanted.set(tag, answer);
  }
  return answer;
};
