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

/** That are only walked past: logs of many engines. */
const MOST_ENTRIES = 1_000_000;
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
  /** Whether a fault of it is one of the results. */
  readonly isNeeded: boolean;
  /**
   * Reads it to its end into `sink`.
   * @throws {AzureError} AZURE_RESULTS_BROKEN for what is cut, has another checksum than its zip says, or is too much
   */
  readonly copyTo: (sink: Writable) => Promise<Copied>;
}

export interface OpenResults {
  readonly sources: readonly ResultSource[];
  /** Files that are not needed and cannot be opened, one sentence each. */
  readonly faults: readonly string[];
  readonly close: () => void;
}

export interface ResultsWanted {
  /** Absolute paths of the results themselves. */
  readonly files: readonly string[];
  /** Of what may hold something besides, such as logs. */
  readonly extras: readonly string[];
  readonly budget: ByteBudget;
  /** By its path in a zip; the others are walked past. */
  readonly isOfInterest: (name: string) => boolean;
  /** How many of interest one zip may have. */
  readonly mostOfInterest: number;
}

/**
 * @throws {AzureError} AZURE_RESULTS_BROKEN for one of `files` that is not there, a zip that cannot be opened or has too many entries
 */
export const openResults = async (wanted: ResultsWanted): Promise<OpenResults> => {
  const sources: ResultSource[] = [];
  const faults: string[] = [];
  const zips: ZipFile[] = [];
  const close = (): void => {
    for (const zip of zips) zip.close();
  };
  try {
    for (const path of wanted.files) sources.push(...(await sourcesIn(path, { ...wanted, zips, isNeeded: true })));
    for (const path of wanted.extras) {
      try {
        sources.push(...(await sourcesIn(path, { ...wanted, zips, isNeeded: false })));
      } catch (error) {
        if (!(error instanceof AzureError)) throw error;
        faults.push(`${basename(path)} cannot be read (${error.detail.why ?? error.message})`);
      }
    }
  } catch (error) {
    close();
    throw error;
  }
  return { sources, faults, close };
};

interface Opening extends Pick<ResultsWanted, "budget" | "isOfInterest" | "mostOfInterest"> {
  /** What is opened is added, to be closed. */
  readonly zips: ZipFile[];
  readonly isNeeded: boolean;
}

const sourcesIn = async (path: string, opening: Opening): Promise<ResultSource[]> => {
  if (!(await isZip(path))) return [plainSource(path, opening)];
  const zip = await told(basename(path), () => openPromise(path, { lazyEntries: true, autoClose: false }));
  opening.zips.push(zip);
  return told(basename(path), () => zipSources(zip, basename(path), opening));
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

const plainSource = (path: string, { budget, isNeeded }: Opening): ResultSource => {
  const name = basename(path);
  return {
    name,
    place: name,
    isNeeded,
    copyTo: (sink) => copy({ place: name, open: async () => createReadStream(path), sink, budget, crc: null }),
  };
};

const zipSources = async (zip: ZipFile, zipName: string, opening: Opening): Promise<ResultSource[]> => {
  const sources: ResultSource[] = [];
  let entries = 0;
  for await (const entry of zip.eachEntry()) {
    entries += 1;
    if (entries > MOST_ENTRIES) throw tooManyEntries(zipName, MOST_ENTRIES);
    if (entry.fileName.endsWith("/") || !opening.isOfInterest(entry.fileName)) continue;
    if (sources.length === opening.mostOfInterest) throw tooManyEntries(zipName, opening.mostOfInterest);
    sources.push(entrySource(zip, entry, zipName, opening));
  }
  return sources;
};

const entrySource = (zip: ZipFile, entry: Entry, zipName: string, { budget, isNeeded }: Opening): ResultSource => {
  const place = `${zipName}/${entry.fileName}`;
  return {
    name: entry.fileName,
    place,
    isNeeded,
    copyTo: (sink) =>
      copy({ place, open: () => zip.openReadStreamPromise(entry), sink, budget, crc: entry.crc32 >>> 0 }),
  };
};

const tooManyEntries = (place: string, most: number): AzureError =>
  new AzureError("AZURE_RESULTS_BROKEN", { place, why: `more than ${most} files in one zip` });

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
