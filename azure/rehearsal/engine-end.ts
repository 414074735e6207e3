/** What an engine of a rehearsal said and how it ended, and what of that would have failed at Azure. */

import type { RunRecord } from "../../record/read-run.ts";

export interface EngineEnd {
  readonly number: number;
  /** Locust's exit code; null when it had to be killed. */
  readonly code: number | null;
  /** All that it wrote, or the end of it. */
  readonly log: string;
  /** That its bridge kept; null when there is none. */
  readonly record: RunRecord | null;
  /** Files that came up in the folder with the code. */
  readonly written: readonly string[];
}

/** Locust's own code of a run in which operations failed: the test ran, and what failed is in its record. */
const RAN = new Set([0, 1]);
const FOUND = /Engine (?:\d+|unknown) of (?:\d+|unknown): .*/;
/** As Locust logs, without its time and host. */
const COMPLAINT = /\/(?:ERROR|CRITICAL)\/[\w.]+: (.*)/;
const MOST_COMPLAINTS = 3;

/** The line of what it found; null when it came to no run. */
export const foundLine = ({ log }: EngineEnd): string | null => FOUND.exec(log)?.[0] ?? null;

/** Empty when it would have run at Azure, as far as this machine can say. Whole sentences without a full stop. */
export const faultsOf = (end: EngineEnd): readonly string[] => {
  const { code, record } = end;
  const faults: string[] = [];
  if (code === null) faults.push("it did not end after its run time and was killed");
  else if (!RAN.has(code)) faults.push(`Locust ended with code ${code}`, ...complaints(end));
  else if (foundLine(end) === null) faults.push("it came to no run", ...complaints(end));
  if (record === null) {
    if (faults.length === 0) faults.push("it left no record", ...logged(end));
  } else if (faults.length === 0 && good(record) === 0) {
    faults.push("no operation of it succeeded", ...failed(record));
  }
  return faults;
};

/** What fails nothing here, and perhaps there. */
export const warningsOf = ({ written }: EngineEnd): readonly string[] => {
  const [first] = written;
  if (first === undefined) return [];
  const others = written.length > 1 ? ` and ${written.length - 1} more` : "";
  return [`it wrote ${first}${others} beside the code: nobody promises that an engine lets it`];
};

const good = ({ file }: RunRecord): number =>
  Object.values(file.operations).reduce((sum, { count, failures }) => sum + count - failures, 0);

/** `github:initialize: http-401, 12 times` */
const failed = ({ file }: RunRecord): string[] =>
  Object.entries(file.operations)
    .flatMap(([name, { outcomes }]) =>
      Object.entries(outcomes).map(([outcome, { count }]) => ({ name, outcome, count })),
    )
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_COMPLAINTS)
    .map(({ name, outcome, count }) => `${name}: ${outcome}, ${count} times`);

const logged = ({ log }: EngineEnd): string[] =>
  [...new Set(log.split("\n").flatMap((line) => COMPLAINT.exec(line)?.[1] ?? []))].slice(0, MOST_COMPLAINTS);

const complaints = (end: EngineEnd): string[] => {
  const said = logged(end);
  // Before Locust has its logger, Python itself says it, last.
  return said.length > 0 ? said : [end.log.trimEnd().split("\n").at(-1) ?? ""].filter((line) => line !== "");
};
