/** What the strategies are handed outside of tests: the only file of this room that touches the machine by itself. */

import { closeSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { guardedHttp } from "./http/guarded-http.ts";
import { sharedAzure } from "./azure/shared-azure.ts";
import type { World } from "./world.ts";

/** Far above any token; a header of this size is refused by every server. */
const LARGEST_BYTES = 64 * 1024;

/** Reads at most the limit, also from a device that never ends. */
const readSmallFile = (path: string): string => {
  const descriptor = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(LARGEST_BYTES + 1);
    const length = readSync(descriptor, buffer);
    if (length > LARGEST_BYTES) throw new Error("the file is larger than 64 KiB");
    return buffer.toString("utf8", 0, length);
  } finally {
    closeSync(descriptor);
  }
};

/** @param folder where relative paths start */
export const fileReaderIn =
  (folder: string): World["readFile"] =>
  (path) =>
    readSmallFile(resolve(folder, path));

/** @param folder where relative paths start */
export const realWorld = (folder: string): World => ({
  readFile: fileReaderIn(folder),
  now: Date.now,
  monotonicMs: () => performance.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms).unref();
    return () => clearTimeout(timer);
  },
  http: (question) => guardedHttp(question),
  run: () => Promise.reject(new Error("not built yet")),
  azure: sharedAzure,
});
