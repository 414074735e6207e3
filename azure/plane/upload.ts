/** A file on its way into a request: from its beginning for each attempt, and never another file than was meant. */

import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { AzureError } from "../azure-error.ts";

export interface FileToSend {
  readonly path: string;
  /** Shown instead of the path. */
  readonly name: string;
  /** As it was when the upload was decided on. */
  readonly bytes: number;
}

/**
 * @param onFailure called when the file cannot be read to its end, or has become shorter: the request would wait for the
 * rest for ever
 * @throws {AzureError} AZURE_FILE when it is not there, or has another size than it should
 */
export const openToSend = async (
  { path, name, bytes }: FileToSend,
  onFailure: (error: AzureError) => void,
): Promise<Readable> => {
  const failure = (why: string, cause?: unknown) => new AzureError("AZURE_FILE", { place: name, why }, { cause });
  let file: FileHandle | null = null;
  try {
    file = await open(path);
    const { size } = await file.stat();
    if (size !== bytes) throw failure(`it has changed: ${size} bytes, not ${bytes}`);
  } catch (error) {
    await file?.close();
    throw error instanceof AzureError ? error : failure(systemCode(error), error);
  }
  if (bytes === 0) {
    await file.close();
    return Readable.from([]);
  }
  // What is added meanwhile is not sent: the header has said how long it is.
  const stream = file.createReadStream({ end: bytes - 1 });
  stream.on("error", (error) => onFailure(failure(systemCode(error), error)));
  stream.on("end", () => {
    if (stream.bytesRead < bytes) onFailure(failure("it has become shorter while it was being sent"));
  });
  return stream;
};

/** `ENOENT` and the like. */
export const systemCode = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "it cannot be read";
