/**
 * The downloaded files as a list of what lies in them, each to be read as a stream. Nothing is written under a name that
 * a zip gives, and every byte is counted, so that a hostile zip can fill neither memory nor disk.
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { type Readable, Transform, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { AzureError } from "../azure-error.ts";
import type { ByteBudget } from "./byte-budget.ts";

const MOST_ENTRIES = 2_000;
const ZIP_MAGIC = "PK";
/** Of another program's words in an error. */
const LONGEST_WHY = 200;

/** What was read: two files that are alike in both are the same one. */
export interface Copied {
  readonly bytes: number;
  readonly crc: number;
}

/** One file of the results, in a zip or as it is. */
export interface ResultSource {
  /** As the service named it, with `/`; of a file in a zip its path in there. */
  readonly name: string;
  /** For errors: `results.zip/engine1_results.csv`. */
  readonly place: string;
  /**
   * Reads it to its end into `sink`.
   * @throws {AzureError} AZURE_RESULTS_BROKEN for what is cut, has another checksum than its zip says, or is too much
   */
  readonly copyTo: (sink: Writable) => Promise<Copied>;
}

export interface OpenResults {
  readonly sources: readonly ResultSource[];
  readonly close: () => void;
}

/**
 * @param files absolute paths
 * @throws {AzureError} AZURE_RESULTS_BROKEN for a file that is not there, a zip that cannot be opened or has too many entries
 */
export const openResults = async (files: readonly string[], budget: ByteBudget): Promise<OpenResults> => {
  const sources: ResultSource[] = [];
  const zips: ZipFile[] = [];
  const close = (): void => {
    for (const zip of zips) zip.close();
  };
  try {
    for (const path of files) {
      if (!(await isZip(path))) {
        sources.push(plainSource(path, budget));
        continue;
      }
      const zip = await told(basename(path), () => openPromise(path, { lazyEntries: true, autoClose: false }));
      zips.push(zip);
      sources.push(...(await told(basename(path), () => zipSources(zip, basename(path), budget))));
    }
  } catch (error) {
    close();
    throw error;
  }
  return { sources, close };
};

const isZip = async (path: string): Promise<boolean> => {
  if (path.toLowerCase().endsWith(".zip")) return true;
  return told(basename(path), async () => {
    const file = await open(path, "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(ZIP_MAGIC.length), 0, ZIP_MAGIC.length, 0);
      return bytesRead === ZIP_MAGIC.length && buffer.toString("latin1") === ZIP_MAGIC;
    } finally {
      await file.close();
    }
  });
};

const plainSource = (path: string, budget: ByteBudget): ResultSource => {
  const name = basename(path);
  return {
    name,
    place: name,
    copyTo: (sink) => copy({ place: name, open: async () => createReadStream(path), sink, budget, crc: null }),
  };
};

const zipSources = async (zip: ZipFile, zipName: string, budget: ByteBudget): Promise<ResultSource[]> => {
  const sources: ResultSource[] = [];
  if (zip.entryCount > MOST_ENTRIES) throw tooManyEntries(zipName);
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith("/")) continue;
    if (sources.length === MOST_ENTRIES) throw tooManyEntries(zipName);
    sources.push(entrySource(zip, entry, zipName, budget));
  }
  return sources;
};

const entrySource = (zip: ZipFile, entry: Entry, zipName: string, budget: ByteBudget): ResultSource => {
  const place = `${zipName}/${entry.fileName}`;
  return {
    name: entry.fileName,
    place,
    copyTo: (sink) =>
      copy({ place, open: () => zip.openReadStreamPromise(entry), sink, budget, crc: entry.crc32 >>> 0 }),
  };
};

const tooManyEntries = (place: string): AzureError =>
  new AzureError("AZURE_RESULTS_BROKEN", { place, why: `more than ${MOST_ENTRIES} files in one zip` });

interface CopyOptions {
  readonly place: string;
  readonly open: () => Promise<Readable>;
  readonly sink: Writable;
  readonly budget: ByteBudget;
  /** What the zip says the checksum is; null where nobody says. */
  readonly crc: number | null;
}

const copy = ({ place, open, sink, budget, crc }: CopyOptions): Promise<Copied> =>
  told(place, async () => {
    let sum = 0;
    let bytes = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        try {
          budget.take(chunk.length, place);
        } catch (error) {
          done(error as Error);
          return;
        }
        bytes += chunk.length;
        // yauzl leaves checksums to its callers.
        sum = crc32(chunk, sum);
        done(null, chunk);
      },
      flush(done) {
        const isSame = crc === null || sum === crc;
        done(isSame ? null : new AzureError("AZURE_RESULTS_BROKEN", { place, why: "its checksum is another" }));
      },
    });
    await pipeline(await open(), counted, sink);
    return { bytes, crc: sum };
  });

/** What goes wrong with a file, told as ours. What the system refuses while we write (a full disk) stays what it is. */
const told = async <Result>(place: string, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (error instanceof AzureError || syscall === "write") throw error;
    throw new AzureError("AZURE_RESULTS_BROKEN", { place, why: message.slice(0, LONGEST_WHY) }, { cause: error });
  }
};
