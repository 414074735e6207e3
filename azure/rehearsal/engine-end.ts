/** What an engine of a rehearsal said and how it ended, and what of that would have failed at Azure. */

import { basename } from "node:path";
import type { RunRecord } from "../../record/read-run.ts";
import type { ProcessEnd } from "./process-end.ts";

export interface EngineEnd {
  readonly number: number;
  /** Locust's. */
  readonly ended: ProcessEnd;
  /** What it wrote: all of it, or its beginning and its end. */
  readonly log: string;
  /** That its bridge kept; null when there is none. */
  readonly record: RunRecord | null;
  /** Files that came up in the folder with the code. */
  readonly written: readonly string[];
}

/** Locust's own code of a run in which operations failed: the test ran, and what failed is in its record. */
const RAN = new Set([0, 1]);
/** As locustfiles/azure_engine.py and server_choice.py say it. */
const FOUND = /Engine (?:\d+|unknown) of (?:\d+|unknown): .*/;
const LEFT_OUT = /Left out for want of a credential: (.*)\./;
/** As Locust logs, without its time and host. */
const COMPLAINT = /\/(?:ERROR|CRITICAL)\/[\w.]+: (.*)/;
/** Of Python's traceback, outermost first. */
const FRAME = /^ *File "(.+)", line (\d+)/gm;
const MOST_COMPLAINTS = 3;

/** The line of what it found, said when its run begins; null when there is none. */
export const foundLine = ({ log }: EngineEnd): string | null => FOUND.exec(log)?.[0] ?? null;

/** The servers that it left out, each with what it needs: `github (needs GITHUB_TOKEN), ...`; null when there are none. */
export const leftOutBy = ({ log }: EngineEnd): string | null => LEFT_OUT.exec(log)?.[1] ?? null;

/** Empty when it would have run at Azure, as far as this machine can say. Whole sentences without a full stop. */
export const faultsOf = (end: EngineEnd): readonly string[] => {
  const faults = faultsOfEnding(end);
  if (faults.length > 0) return faults;
  const { record } = end;
  if (record === null) {
    // A record is the proof that there was a run; only without one does it matter what was said.
    return foundLine(end) === null
      ? ["it came to no run", ...complaints(end)]
      : ["it left no record", ...complaintsLogged(end)];
  }
  return succeeded(record) === 0 ? ["no operation of it succeeded", ...mostFailed(record)] : [];
};

const faultsOfEnding = (end: EngineEnd): readonly string[] => {
  const { ended } = end;
  switch (ended.how) {
    case "exited":
      return RAN.has(ended.code) ? [] : [`Locust ended with code ${ended.code}`, ...complaints(end)];
    case "died":
      return [`Locust died of ${ended.signal}, which was not sent from here`, ...complaintsLogged(end)];
    case "too-long":
      return ["it did not end after its run time and was killed"];
    case "not-started":
      return [`Locust could not be started: ${ended.why}`];
  }
};

/** What fails nothing here, and perhaps there. */
export const warningsOf = ({ written }: EngineEnd): readonly string[] => {
  const [first] = written;
  if (first === undefined) return [];
  const others = written.length > 1 ? ` and ${written.length - 1} more` : "";
  return [`it wrote ${first}${others} beside the code: nobody promises that an engine lets it`];
};

const succeeded = ({ file }: RunRecord): number =>
  Object.values(file.operations).reduce((sum, { count, failures }) => sum + count - failures, 0);

/**
 * @param server null: of all
 * @returns `github:initialize: http-401, 12 times`, the most frequent first
 */
export const mostFailed = ({ file }: RunRecord, server: string | null = null): string[] =>
  Object.entries(file.operations)
    .filter(([name]) => server === null || name.startsWith(`${server}:`))
    .flatMap(([name, { outcomes }]) =>
      Object.entries(outcomes).map(([outcome, { count }]) => ({ name, outcome, count })),
    )
    .filter(({ outcome }) => outcome !== "ok")
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_COMPLAINTS)
    .map(({ name, outcome, count }) => `${name}: ${outcome}, ${count} times`);

const complaintsLogged = ({ log }: EngineEnd): string[] =>
  [...new Set(log.split("\n").flatMap((line) => COMPLAINT.exec(line)?.[1] ?? []))].slice(0, MOST_COMPLAINTS);

const complaints = (end: EngineEnd): string[] => {
  const said = complaintsLogged(end);
  if (said.length > 0) return said;
  // Before Locust has its logger, Python itself says it, last; where it happened stands in the frame before.
  const last = end.log.trimEnd().split("\n").at(-1) ?? "";
  const [, file, line] = [...end.log.matchAll(FRAME)].at(-1) ?? [];
  if (last === "") return [];
  return [file === undefined ? last : `${last} (File "${basename(file)}", line ${line})`];
};
