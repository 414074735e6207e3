import { writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { makeFolder } from "../record/record-files.ts";
import { CommandError } from "./command-error.ts";

/**
 * Writes a file that an option names, its folder too.
 * @throws {CommandError} with the system's code when that cannot be done
 */
export const writeNamedFile = (option: string, file: string, text: string): void => {
  const path = resolve(file);
  try {
    makeFolder(dirname(path));
    writeFileSync(path, text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new CommandError(`${option} names ${file}, which cannot be written (${code}): name another file`);
  }
};
