/** `swarmbridge probe import`: takes the history of another probe into one of ours. */

import { readFileSync, statSync } from "node:fs";
import { importHistory, LARGEST_IMPORT } from "../../capacity/probe/import-history.ts";
import { isFile } from "../../config/find-file.ts";
import { countText } from "../../record/duration-text.ts";
import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { resultsFolder } from "../run-folder.ts";
import { appendHistory, historyPath, readHistory } from "./history-file.ts";

export interface ImportOptions {
  readonly file: string;
  readonly server: string;
  readonly history?: string;
}

/** A name that cannot leave the folder of histories. */
const SERVER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

/** @throws {CommandError} for a file that cannot be read, with the lines; then nothing is taken */
export const importFile = ({ file, server, history }: ImportOptions, { env, print, redactor }: Output): number => {
  if (!SERVER_NAME.test(server)) throw new CommandError("--server names no server: give it the name of loadtest.yaml");
  const imported = importHistory(textOf(file));
  if ("faults" in imported) {
    throw new CommandError(`${file} was not imported: ${imported.faults.join("; ")}`);
  }
  const path = historyPath(history, resultsFolder(env), server);
  const known = new Set(isFile(path) ? readHistory(path, Number.POSITIVE_INFINITY).probes.map(({ atMs }) => atMs) : []);
  const fresh = imported.probes.filter(({ atMs }) => !known.has(atMs));
  appendHistory(path, fresh);
  const again = imported.probes.length - fresh.length;
  const others = again === 0 ? "" : `, ${countText(again)} were there already`;
  print(redactor.clean(`${countText(fresh.length)} probes imported into ${path}${others}`));
  return EXIT.fine;
};

const textOf = (file: string): string => {
  try {
    if (statSync(file).size <= LARGEST_IMPORT) return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new CommandError(`${file} cannot be read (${code})`);
  }
  throw new CommandError(`${file} is larger than 32 MiB: import it in parts`);
};
