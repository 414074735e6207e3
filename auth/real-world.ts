/** What the strategies are handed outside of tests: the only file of this room that touches the machine by itself. */

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { sharedAzure } from "./azure/shared-azure.ts";
import { guardedHttp } from "./http/guarded-http.ts";
import { runProgram } from "./run-program.ts";
import type { World } from "./world.ts";

/** Far above any token; a header of this size is refused by every server. */
const LARGEST_BYTES = 64 * 1024;

/** Absent on Windows, where no path leads to a pipe by accident. */
const NONBLOCK = constants.O_NONBLOCK ?? 0;

/** Reads at most the limit, and only what lies on a disk: to wait for a pipe's writer would stop the whole bridge. */
const readSmallFile = (path: string, mostBytes: number): string => {
  const descriptor = openSync(path, constants.O_RDONLY | NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error("it is no regular file");
    const buffer = Buffer.alloc(mostBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    if (length > mostBytes) throw new Error(`the file is larger than ${mostBytes / 1024} KiB`);
    return buffer.toString("utf8", 0, length);
  } finally {
    closeSync(descriptor);
  }
};

/** @param folder where relative paths start */
export const fileReaderIn =
  (folder: string): World["readFile"] =>
  (path, mostBytes = LARGEST_BYTES) =>
    readSmallFile(resolve(folder, path), mostBytes);

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
  run: runProgram,
  azure: sharedAzure,
});
