/** Reads files of the user's machine. What goes wrong there is the file's fault and is said with its name. */

import { closeSync, openSync, readSync } from "node:fs";
import { errorCode } from "../../config/environment.ts";
import { AzureError } from "../azure-error.ts";

/** @throws {AzureError} AZURE_FILE when it cannot be read */
export const readBeginning = (path: string, mostBytes: number): string => {
  let file: number | null = null;
  try {
    file = openSync(path, "r");
    const chunks: Buffer[] = [];
    for (let left = mostBytes; left > 0; ) {
      const chunk = Buffer.allocUnsafe(Math.min(left, CHUNK_BYTES));
      const length = readSync(file, chunk);
      if (length === 0) break;
      chunks.push(chunk.subarray(0, length));
      left -= length;
    }
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    throw unusableFile(path, error);
  } finally {
    if (file !== null) closeSync(file);
  }
};

const CHUNK_BYTES = 64 * 1024;

export const unusableFile = (place: string, cause: unknown): AzureError =>
  new AzureError("AZURE_FILE", { place, why: errorCode(cause) }, { cause });
