/**
 * What a generator is told, as JSON in its environment, and what it says at its end, as one line of its standard
 * output that starts with `REPORT_MARK`. The Python generators know the same two shapes.
 */
import { BenchError } from "./bench-error.ts";
import type { Workload } from "./workload.ts";

export const ASSIGNMENT_VARIABLE = "SWARMBRIDGE_BENCH";
const REPORT_MARK = "bench-report ";

export interface Assignment extends Workload {
  /** Of the null server, its path included. */
  readonly url: string;
  readonly revision: string;
  readonly tool: string;
  readonly toolArguments: Readonly<Record<string, unknown>>;
  readonly warmUpMs: number;
  readonly windowMs: number;
}

/** One window of one generator. */
export interface Report {
  /** Tool calls that ended well in the window. */
  readonly calls: number;
  /** Those that did not. */
  readonly failures: number;
  readonly windowMs: number;
  /** As the tool itself reports them. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU used in the window by program (`node`, `locust`, `bridge`): user and system. */
  readonly cpuMs: Readonly<Record<string, number>>;
  /** Wall clock. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Tool calls from the generator's start to its end, whatever became of them. */
  readonly callsInAll: number;
}

/** For generators on Node. @throws {BenchError} OPTION_WRONG when started by hand */
export const assignment = (): Assignment => {
  const text = process.env[ASSIGNMENT_VARIABLE];
  if (text === undefined) {
    throw new BenchError("OPTION_WRONG", `this program is started by the bench, with ${ASSIGNMENT_VARIABLE}`);
  }
  return JSON.parse(text);
};

export const writeReport = (report: object): void => {
  process.stdout.write(`${REPORT_MARK}${JSON.stringify(report)}\n`);
};

/** @returns what a generator reported; null when its output holds no report */
export const readReport = <Shape extends object>(output: string): Shape | null => {
  const line = output.split("\n").findLast((one) => one.startsWith(REPORT_MARK));
  return line === undefined ? null : JSON.parse(line.slice(REPORT_MARK.length));
};
