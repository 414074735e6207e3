/** The file in which a server's probes are kept: one line each, bounded, readable whenever a process was killed. */

import { appendFileSync, closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Probe, parseProbe, probeLine } from "../../capacity/probe/probe.ts";
import { countText } from "../../record/duration-text.ts";
import { makeFolder, replaceFile } from "../../record/record-files.ts";
import { CommandError } from "../command-error.ts";

/** About a month of a probe every ten seconds. Then the older half goes. */
export const MOST_BYTES = 32 * 1024 * 1024;
/** What another program wrote there. */
const LARGEST_READ = 4 * MOST_BYTES;

export interface History {
  /** In order of time. */
  readonly probes: readonly Probe[];
  /** Lines that are no probe, such as one that was torn. */
  readonly broken: number;
  /** Probes that are left out, as they lie in the future: of a clock that was wrong, or an import. */
  readonly future: number;
}

/** Clocks of one place differ by less. */
const CLOCKS_DIFFER_MS = 60_000;

export const historyPath = (named: string | undefined, results: string, server: string): string =>
  named === undefined ? join(results, "probe", `${server}.jsonl`) : resolve(named);

/**
 * @param nowMs wall clock
 * @throws {CommandError} when there is none
 */
export const readHistory = (path: string, nowMs = Date.now()): History => {
  let text: string;
  try {
    refuseTooLarge(path);
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new CommandError(`there is no history ${path} (${code}): swarmbridge probe makes one`);
  }
  const lines = text.split("\n").filter((line) => line !== "");
  const probes = lines.flatMap((line) => parseProbe(line) ?? []);
  const past = probes.filter(({ atMs }) => atMs <= nowMs + CLOCKS_DIFFER_MS).sort((a, b) => a.atMs - b.atMs);
  return { probes: past, broken: lines.length - probes.length, future: probes.length - past.length };
};

/** What was left out of a history, in sentences. */
export const leftOutLines = ({ broken, future }: History): readonly string[] => [
  ...(broken === 0 ? [] : [`${countText(broken)} ${broken === 1 ? "line" : "lines"} could not be read`]),
  ...(future === 0
    ? []
    : [
        `${countText(future)} ${future === 1 ? "probe lies" : "probes lie"} in the future, and ${future === 1 ? "is" : "are"} left out`,
      ]),
];

/** @throws {CommandError} for a file that no history grows to; one that is not there is none */
export const refuseTooLarge = (path: string): void => {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LARGEST_READ) throw new CommandError(`${path} is larger than a history gets: name another`);
};

/** @throws {CommandError} when it cannot be written, or is larger than a history gets */
export const appendHistory = (path: string, probes: readonly Probe[], mostBytes = MOST_BYTES): void => {
  try {
    refuseTooLarge(path);
    makeFolder(dirname(path));
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > mostBytes) replaceFile(path, newerHalf(readFileSync(path, "utf8")));
    const isTorn = size > 0 && !endsLine(path);
    appendFileSync(path, (isTorn ? "\n" : "") + probes.map(probeLine).join(""), { mode: 0o600 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    throw new CommandError(
      `the history ${path} cannot be written (${code}): make room, or name another with --history`,
    );
  }
};

/** By the time of the probes: an import writes older ones behind newer ones. What is no probe goes, too. */
const newerHalf = (text: string): string => {
  const dated = text.split("\n").flatMap((line) => {
    const atMs = Date.parse(/^\{"at":"([^"]{1,40})"/.exec(line)?.[1] ?? "");
    return Number.isNaN(atMs) ? [] : { line, atMs };
  });
  dated.sort((a, b) => a.atMs - b.atMs);
  return dated
    .slice(Math.floor(dated.length / 2))
    .map(({ line }) => `${line}\n`)
    .join("");
};

const endsLine = (path: string): boolean => {
  const file = openSync(path, "r");
  try {
    const last = Buffer.alloc(1);
    const { size } = fstatSync(file);
    return readSync(file, last, 0, 1, Math.max(0, size - 1)) === 0 || last[0] === 10;
  } finally {
    closeSync(file);
  }
};
