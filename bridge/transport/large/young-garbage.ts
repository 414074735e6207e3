import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * A large answer that nobody holds comes in buffers that are garbage a moment later. V8 lets 32 MB and more of those stand
 * before it looks, for they lie outside of its heap, where a collection of the youngest objects takes about a millisecond.
 */

const COLLECT_EVERY_BYTES = 8 * 1024 * 1024;

let passedBytes = 0;
let collect: (() => void) | null = null;

/** So many bytes were read and are held by nobody. */
export const passedThrough = (bytes: number): void => {
  passedBytes += bytes;
  if (passedBytes < COLLECT_EVERY_BYTES) return;
  passedBytes = 0;
  collect ??= collector();
  collect();
};

/** The flag shows `gc` in contexts that are made later: in this one only. */
const collector = (): (() => void) => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as (options: { readonly type: "minor" }) => void;
  setFlagsFromString("--no-expose-gc");
  return () => gc({ type: "minor" });
};
