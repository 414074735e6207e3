/**
 * The files of one record on disk. `run.json` is the commit: it says how many bytes of the two logs belong to it, and is
 * replaced in one rename; whatever a dying process wrote behind that is cut off by the next one.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  constants as openFlags,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { FailureGroup } from "./failure-samples.ts";
import { logHead } from "./latency-log.ts";
import type { RunFile } from "./run-file.ts";

export const RUN = "run.json";
export const LATENCIES = "latency.hlog";
export const TIMELINE = "timeline.jsonl";
export const FAILURES = "failures.json";
/** Folder of the parts in a run's own. */
export const PARTS = "parts";

/** What was measured may say who works where on what: only the owner reads it. */
const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 10;

export type FileLengths = RunFile["files"];

export interface Commit {
  readonly latencies: string;
  readonly rows: string;
  readonly run: (files: FileLengths) => RunFile;
  /** null when nothing changed. */
  readonly failures: readonly FailureGroup[] | null;
}

export class RecordFiles {
  readonly dir: string;
  readonly #startMs: number;
  #lengths: FileLengths;

  /** @param startMs wall clock of the run's start @param lengths of an earlier process's files that are continued */
  constructor(dir: string, startMs: number, lengths: FileLengths = { latencyBytes: 0, timelineBytes: 0 }) {
    this.dir = dir;
    this.#startMs = startMs;
    this.#lengths = lengths;
    makeFolder(dir);
  }

  /** Whether what was committed is still there. Somebody may have cleaned up under a running test. */
  get isIntact(): boolean {
    const { latencyBytes, timelineBytes } = this.#lengths;
    return lengthOf(join(this.dir, LATENCIES)) >= latencyBytes && lengthOf(join(this.dir, TIMELINE)) >= timelineBytes;
  }

  /** Forgets what was committed; the next commit writes new files. */
  startOver(): void {
    makeFolder(this.dir);
    this.#lengths = { latencyBytes: 0, timelineBytes: 0 };
  }

  /** Throws what the system throws; then nothing was committed, and the same can be committed later. */
  commit({ latencies, rows, run, failures }: Commit): void {
    const head = this.#lengths.latencyBytes === 0 ? logHead(this.#startMs) : "";
    const lengths = {
      latencyBytes: append(join(this.dir, LATENCIES), head + latencies, this.#lengths.latencyBytes),
      timelineBytes: append(join(this.dir, TIMELINE), rows, this.#lengths.timelineBytes),
    };
    if (failures !== null) replaceFile(join(this.dir, FAILURES), JSON.stringify(failures, null, 1));
    const file = run(lengths);
    if (file.state === "complete") {
      for (const name of [LATENCIES, TIMELINE, FAILURES]) writeThrough(join(this.dir, name));
      replaceFile(join(this.dir, RUN), JSON.stringify(file, null, 1));
      writeThrough(join(this.dir, RUN));
    }
    // Written again within a second: not for people.
    else replaceFile(join(this.dir, RUN), JSON.stringify(file));
    this.#lengths = lengths;
  }
}

/**
 * Level by level: Node's own recursive way never ends where the system answers ENOENT to a folder that it will not make,
 * as below /proc.
 */
export const makeFolder = (dir: string): void => {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(dir);
  if (parent !== dir) makeFolder(parent);
  try {
    mkdirSync(dir, { mode: FOLDER_MODE });
  } catch (error) {
    // Another process of the run was faster.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !statSync(dir).isDirectory()) throw error;
  }
};

/** Writes a file as a whole or not at all: readers see the old or the new one. */
export const replaceFile = (path: string, text: string): number => replaceFileInPieces(path, [text]);

/**
 * @param mode who may read it, whatever the umask
 * @returns the file's length in bytes
 */
export const replaceFileInPieces = (path: string, pieces: Iterable<string>, mode: number = FILE_MODE): number => {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    writeFileSync(temporary, "", { mode: FILE_MODE, flag: "wx" });
    let length = 0;
    const file = openSync(temporary, "r+");
    try {
      if (mode !== FILE_MODE) fchmodSync(file, mode);
      for (const chunk of chunksOf(pieces)) length += writeAll(file, Buffer.from(chunk), length);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    return length;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
};

/** A log is a hundred thousand short lines: one write for each took a third of a merge. */
function* chunksOf(pieces: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK_BYTES) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

/** The first `bytes` of a log, line by line without their ends; a last line that has none is left out. */
export function* committedLines(path: string, bytes: number): Generator<string> {
  if (!existsSync(path)) return;
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let rest: Buffer[] = [];
    for (let at = 0; at < bytes; ) {
      const got = readSync(file, chunk, 0, Math.min(CHUNK_BYTES, bytes - at), at);
      if (got === 0) return;
      at += got;
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1 && end < got; end = chunk.indexOf(NEWLINE, from)) {
        // Most lines lie within one chunk: to copy each of a million took a fifth of the reading.
        const isWhole = rest.length === 0;
        yield isWhole
          ? chunk.toString("utf8", from, end)
          : Buffer.concat([...rest, chunk.subarray(from, end)]).toString("utf8");
        if (!isWhole) rest = [];
        from = end + 1;
      }
      if (from < got) rest.push(Buffer.from(chunk.subarray(from, got)));
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Waits until the system has the file on the disk, so that a power cut after a run takes nothing of it. Once a run: during
 * one it would cost a wait every second.
 */
export const writeThrough = (path: string): void => {
  if (!existsSync(path)) return;
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** All lines of a log that nobody's head commits. */
export const wholeLines = (path: string): Generator<string> => committedLines(path, Number.POSITIVE_INFINITY);

/** Up to the end of its last whole line, in bytes. */
export const wholeLength = (path: string): number => {
  for (let end = lengthOf(path); end > 0; end -= CHUNK_BYTES) {
    const at = Math.max(0, end - CHUNK_BYTES);
    const last = bytesOf(path, at, end).lastIndexOf(NEWLINE);
    if (last !== -1) return at + last + 1;
  }
  return 0;
};

/** Whether the first `bytes` end with a line. A power cut may leave a file its length and not its content. */
export const endsInLine = (path: string, bytes: number): boolean =>
  bytes === 0 || bytesOf(path, bytes - 1, bytes)[0] === NEWLINE;

const bytesOf = (path: string, from: number, to: number): Buffer => {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(to - from);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
  } finally {
    closeSync(file);
  }
};

export const lengthOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** @returns null when there is no such file */
export const readIfThere = (path: string): string | null => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
};

/** @returns the file's length after it */
const append = (path: string, text: string, at: number): number => {
  const file = openSync(path, openFlags.O_RDWR | openFlags.O_CREAT, FILE_MODE);
  try {
    ftruncateSync(file, at);
    return at + writeAll(file, Buffer.from(text), at);
  } finally {
    closeSync(file);
  }
};

const writeAll = (file: number, bytes: Buffer, at: number): number => {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, at + done);
  }
  return bytes.length;
};
