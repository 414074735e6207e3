import { appendFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { CommandError } from "./command-error.ts";

/**
 * Writes a file that an option names. The folder must be there: one that a typing error made would be found by nobody.
 * @throws {CommandError} with the system's code when that cannot be done
 */
export const writeNamedFile = (option: string, file: string, text: string): void =>
  written(option, file, (path) => writeFileSync(path, text));

/** The same for a file that others write to as well. */
export const appendNamedFile = (option: string, file: string, text: string): void =>
  written(option, file, (path) => appendFileSync(path, text));

const written = (option: string, file: string, write: (path: string) => void): void => {
  if (file === "") throw new CommandError(`${option} names no file: the variable in its place may be empty`);
  const path = resolve(file);
  const folder = dirname(path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new CommandError(`${option} names ${file}, but there is no folder ${folder}: make it, or name another file`);
  }
  try {
    write(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new CommandError(`${option} names ${file}, which cannot be written (${code}): name another file`);
  }
};
