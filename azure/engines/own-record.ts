/** The record that the bridge on an engine kept: taken out of the results, and looked at whether it is whole. */
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { loadRecording, type RunRecord, readRun } from "../../record/read-run.ts";
import { RecordError } from "../../record/record-error.ts";
import { FAILURES, LATENCIES, makeFolder, RUN, TIMELINE } from "../../record/record-files.ts";
import type { OwnFiles } from "./engine-files.ts";

/** Larger than any record has; the two heads are read in one piece, of the logs one line. */
const MOST = {
  [RUN]: { bytes: 64e6, lineBytes: 64e6 },
  [FAILURES]: { bytes: 16e6, lineBytes: 16e6 },
  [LATENCIES]: { bytes: 20e9, lineBytes: 4e6 },
  [TIMELINE]: { bytes: 20e9, lineBytes: 16e6 },
} as const satisfies Record<string, Bounds>;

interface Bounds {
  readonly bytes: number;
  readonly lineBytes: number;
}

export interface OwnRecord {
  /** Number of its engine, where its folder or its own plan says it. */
  readonly number: number | null;
  readonly place: string;
  readonly record: RunRecord;
}

/**
 * @param dir an empty place for it
 * @returns why it cannot be used, when it is not whole
 * @throws {AzureError} AZURE_RESULTS_BROKEN when the zip around it is broken
 */
export const takeOwnRecord = async (own: OwnFiles, dir: string): Promise<OwnRecord | string> => {
  makeFolder(dir);
  for (const [name, bounds] of Object.entries(MOST)) {
    const source = own.sources.get(name);
    if (source === undefined) continue;
    const file = await open(join(dir, name), "wx", 0o600);
    const sink = new BoundedFile(file, bounds);
    try {
      await source.copyTo(sink);
    } catch (error) {
      if (sink.isOver) return `${name} is too large`;
      throw error;
    } finally {
      await file.close();
    }
  }
  return lookedAt(own, dir);
};

const lookedAt = (own: OwnFiles, dir: string): OwnRecord | string => {
  try {
    const record = readRun(dir);
    if (record.file.state !== "complete") return "it was not completed";
    const [damage] = record.damage;
    if (damage !== undefined) return damage;
    const { brokenLines } = loadRecording(record);
    if (brokenLines > 0) return `${brokenLines} lines of ${LATENCIES} cannot be read`;
    return { record, place: own.place, number: own.number ?? numberIn(record) };
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return error.message;
  }
};

/** The bridge writes the engine's number into its plan where it is known. */
const numberIn = ({ file }: RunRecord): number | null => {
  const { engine } = file.plan;
  return typeof engine === "number" && Number.isInteger(engine) && engine > 0 ? engine : null;
};

class BoundedFile extends Writable {
  readonly #file: FileHandle;
  readonly #bounds: Bounds;
  #bytes = 0;
  #lineBytes = 0;
  isOver = false;

  constructor(file: FileHandle, bounds: Bounds) {
    super();
    this.#file = file;
    this.#bounds = bounds;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const lastEnd = chunk.lastIndexOf("\n");
    const longest = lastEnd === -1 ? this.#lineBytes + chunk.length : this.#lineBytes + chunk.indexOf("\n");
    this.#bytes += chunk.length;
    this.#lineBytes = lastEnd === -1 ? longest : chunk.length - lastEnd - 1;
    this.isOver = this.#bytes > this.#bounds.bytes || longest > this.#bounds.lineBytes;
    if (this.isOver) {
      done(new RangeError("too large"));
      return;
    }
    this.#file.appendFile(chunk).then(() => done(), done);
  }
}
