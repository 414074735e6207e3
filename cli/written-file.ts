/**
 * The files that commands write. A reader sees the old or the new one, never a part; what was measured may say who works
 * where on what, so a new file is its owner's alone. The files of a run record are refused: they are read, never written.
 */
import { appendFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import {
  FAILURES,
  FILE_MODE,
  LATENCIES,
  RUN,
  replaceFile,
  replaceFileInPieces,
  TIMELINE,
} from "../record/record-files.ts";
import { CommandError } from "./command-error.ts";
import { hasRecord } from "./run-folder.ts";

/**
 * Writes a file that an option names. The folder must be there: one that a typing error made would be found by nobody.
 * @param text in pieces where it is too large to be one; they may be read from a record while the file is written
 * @throws {CommandError} with the system's code when that cannot be done
 */
export const writeNamedFile = (option: string, file: string, text: string | Iterable<string>): void =>
  written(option, file, (path, before) => {
    const pieces = typeof text === "string" ? [text] : text;
    // A pipe or /dev/stdout has no name that another file could take. One that is there keeps who may read it.
    if (before !== null && !before.isFile()) for (const piece of pieces) appendFileSync(path, piece);
    else replaceFileInPieces(path, pieces, before === null ? FILE_MODE : before.mode & 0o777);
  });

/** The same for Markdown: a step of a job at GitHub has one summary, and what an earlier command wrote there stays. */
export const writeNamedMarkdown = (
  file: string,
  text: string,
  { GITHUB_STEP_SUMMARY: summary }: NodeJS.ProcessEnv,
): void => {
  if (summary === undefined || summary === "" || resolve(file) !== resolve(summary)) {
    writeNamedFile("--markdown", file, text);
    return;
  }
  written("--markdown", file, (path) => appendFileSync(path, text, { mode: FILE_MODE }));
};

/**
 * Writes a file at a place that we chose.
 * @param otherwise what a person can do when that is not possible
 * @throws {CommandError} with the system's code when it is not
 */
export const writeOwnFile = (path: string, text: string, otherwise: string): void => {
  try {
    replaceFile(path, text);
  } catch (error) {
    throw new CommandError(`${path} cannot be written (${systemCode(error)}): ${otherwise}`);
  }
};

/** @throws {CommandError} for two options that name one file: the later would replace what the earlier wrote */
export const refuseNamedTwice = (files: Readonly<Record<string, string | boolean | undefined>>): void => {
  const optionAt = new Map<string, string>();
  for (const [option, file] of Object.entries(files)) {
    if (typeof file !== "string" || file === "") continue;
    const path = realPath(resolve(file));
    // /dev/null takes all there is.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) continue;
    const earlier = optionAt.get(path);
    if (earlier !== undefined) throw new CommandError(`${earlier} and ${option} both name ${file}: name two files`);
    optionAt.set(path, option);
  }
};

const RECORD_FILES: readonly string[] = [RUN, LATENCIES, TIMELINE, FAILURES];

const written = (option: string, file: string, write: (path: string, before: Stats | null) => void): void => {
  if (file === "") throw new CommandError(`${option} names no file: the variable in its place may be empty`);
  // What a link leads to is replaced, not the link.
  const path = realPath(resolve(file));
  const folder = dirname(path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new CommandError(`${option} names ${file}, but there is no folder ${folder}: make it, or name another file`);
  }
  // Some systems take RUN.JSON for the same file.
  if (RECORD_FILES.includes(basename(path).toLowerCase()) && hasRecord(folder)) {
    throw new CommandError(`${option} names ${file}, which belongs to the run record ${folder}: name another file`);
  }
  try {
    write(path, statSync(path, { throwIfNoEntry: false }) ?? null);
  } catch (error) {
    throw new CommandError(
      `${option} names ${file}, which cannot be written (${systemCode(error)}): name another file`,
    );
  }
};

/** The folder's, where the file is not there yet. */
const realPath = (path: string): string => {
  try {
    return realpathSync.native(path);
  } catch {
    // Not there, or not to be looked at: whoever writes is told which.
    const folder = dirname(path);
    return folder === path ? path : join(realPath(folder), basename(path));
  }
};

/** @throws the error itself when it is none of the system's, such as of the record that the text is read from */
const systemCode = (error: unknown): string => {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) throw error;
  return code;
};
