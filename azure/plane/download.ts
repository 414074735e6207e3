/** Files from SAS addresses onto the disk: whole or not at all, never larger than expected. */

import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AzureError } from "../azure-error.ts";
import { type ContainerFile, containerFiles } from "./container-list.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { type LinkAnswer, withLink } from "./link-request.ts";
import { REAL_CLOCK, type RetryClock, withRetries } from "./retry.ts";
import { systemCode } from "./upload.ts";

export interface DownloadOptions {
  readonly mostBytes: number;
  /** Told how many are here, begins anew when the connection was cut. @param ofBytes null: nobody said */
  readonly onBytes?: (bytes: number, ofBytes: number | null) => void;
  readonly signal?: AbortSignal;
  /** For tests. */
  readonly limits?: Pick<Limits, "stallMs" | "transferMs">;
  /** For tests. */
  readonly clock?: RetryClock;
}

/**
 * @param url a SAS address: appears in no error and no log
 * @throws {AzureError} (rejects) AZURE_LINK_EXPIRED when the caller should ask for another link; AZURE_INVALID when it is
 * larger than `mostBytes`; AZURE_FILE when it cannot be written. With the signal's reason when that is aborted
 */
export const download = async (url: string, toPath: string, options: DownloadOptions): Promise<void> => {
  const { mostBytes, onBytes, signal, limits = LIMITS, clock = REAL_CLOCK } = options;
  const place = basename(toPath);
  const partPath = `${toPath}.part`;
  try {
    await onDisk(place, () => mkdir(dirname(toPath), { recursive: true }));
    const attempt = () =>
      withLink(url, { place, stallMs: limits.stallMs, signal }, (answer) =>
        received(answer, { place, partPath, mostBytes, onBytes }),
      );
    await withRetries(attempt, { clock, limitMs: limits.transferMs, signal });
    await onDisk(place, () => rename(partPath, toPath));
  } catch (error) {
    // Why it came to nothing says more than why a rest of it cannot be removed.
    await rm(partPath, { force: true }).catch(() => undefined);
    throw error;
  }
};

/**
 * All files of a container, which a long run or one with many engines has instead of a zip. What is there with its whole
 * size is not fetched again, so that a fresh link goes on where the expired one ended.
 * @param url a SAS address of the container
 * @param options `mostBytes` and `onBytes` are about all of them together
 * @returns paths in the folder
 * @throws {AzureError} (rejects) as `download`; AZURE_NO_RESULTS when the container is empty
 */
export const downloadContainer = async (
  url: string,
  folder: string,
  options: DownloadOptions,
): Promise<readonly string[]> => {
  const { mostBytes, onBytes } = options;
  const files = await containerFiles(url, options);
  const ofBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (files.length === 0)
    throw new AzureError("AZURE_NO_RESULTS", { place: "the run's container", why: "it is empty" });
  if (ofBytes > mostBytes) throw tooLarge("the run's container", mostBytes);
  let before = 0;
  for (const file of files) {
    const path = join(folder, file.name);
    if (!(await isThere(path, file))) {
      const onFileBytes = (bytes: number): void => onBytes?.(before + bytes, ofBytes);
      await download(file.url, path, { ...options, mostBytes: file.bytes, onBytes: onFileBytes });
    }
    before += file.bytes;
    onBytes?.(before, ofBytes);
  }
  return files.map(({ name }) => name);
};

interface Receiving extends Pick<DownloadOptions, "mostBytes"> {
  readonly place: string;
  readonly partPath: string;
  readonly onBytes: DownloadOptions["onBytes"] | undefined;
}

const received = async (
  { body, bytes, moved }: LinkAnswer,
  { place, partPath, mostBytes, onBytes }: Receiving,
): Promise<void> => {
  if (bytes !== null && bytes > mostBytes) throw tooLarge(place, mostBytes);
  // Of this user alone: results tell what was asked of a server.
  const file = await onDisk(place, () => open(partPath, "w", 0o600));
  let got = 0;
  try {
    for await (const chunk of body) {
      got += chunk.length;
      moved();
      if (got > mostBytes) throw tooLarge(place, mostBytes);
      await onDisk(place, () => file.appendFile(chunk));
      onBytes?.(got, bytes);
    }
  } finally {
    await file.close();
  }
  // Node ends a body that is too short with an error of its own; a file that is called whole is not left to that.
  if (bytes !== null && got !== bytes) {
    throw new AzureError("AZURE_UNREACHABLE", { place, why: `cut after ${got} of ${bytes} bytes` });
  }
};

const tooLarge = (place: string, mostBytes: number): AzureError =>
  new AzureError("AZURE_INVALID", { place, why: `larger than ${mostBytes} bytes` });

const isThere = async (path: string, { bytes }: ContainerFile): Promise<boolean> => {
  try {
    return (await stat(path)).size === bytes;
  } catch {
    return false; // mostly ENOENT; what else is wrong shows when it is written
  }
};

const onDisk = async <Result>(place: string, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    throw new AzureError("AZURE_FILE", { place, why: systemCode(error) }, { cause: error });
  }
};
