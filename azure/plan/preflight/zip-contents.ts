/** What a zip file holds, by its directory alone: nothing is unpacked. */

import { open } from "yauzl";

export interface ZipContents {
  readonly files: number;
  /** As the directory says. */
  readonly bytes: number;
}

/** Far above what Azure takes: a hostile directory is not read to its end. */
const MOST_ENTRIES = 100_000;

/** @returns null when it is no zip file that can be read */
export const zipContents = (path: string): Promise<ZipContents | null> =>
  new Promise((resolve) => {
    open(path, { lazyEntries: true, autoClose: true }, (error, zip) => {
      if (error !== null) {
        resolve(null);
        return;
      }
      let [files, bytes] = [0, 0];
      zip.on("entry", ({ fileName, uncompressedSize }: { fileName: string; uncompressedSize: number }) => {
        if (!fileName.endsWith("/")) {
          files += 1;
          bytes += uncompressedSize;
        }
        if (files < MOST_ENTRIES) zip.readEntry();
        else zip.close();
      });
      zip.on("error", () => resolve(null));
      zip.on("close", () => resolve({ files, bytes }));
      zip.readEntry();
    });
  });
