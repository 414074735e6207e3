/** One report, judged: what the null server saw must agree with what the generator claims. */
import type { Report } from "./assignment.ts";
import { BenchError } from "./bench-error.ts";
import type { ContenderName } from "./contenders.ts";
import { coresUsed } from "./server/load.ts";
import type { Served } from "./server/questions.ts";
import { labelOf, type Workload } from "./workload.ts";

export interface Measurement {
  readonly contender: ContenderName;
  readonly workload: Workload;
  readonly callsPerSecond: number;
  readonly failures: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU for one call by program, user and system. */
  readonly cpuUs: Readonly<Record<string, number>>;
  /** Cores that the generator's programs used together. */
  readonly generatorCores: number;
  /** Cores that the null server used in the window. */
  readonly serverCores: number;
}

export interface Witnessed {
  readonly contender: ContenderName;
  readonly workload: Workload;
  readonly report: Report;
  readonly before: Served;
  readonly after: Served;
}

/** @throws {BenchError} COUNT_WRONG when calls were counted that no server saw, or the other way round */
export const measurementOf = ({ contender, workload, report, before, after }: Witnessed): Measurement => {
  const served = after.calls - before.calls;
  // A call that was under way at the end was answered and is not counted, one for each user at the most.
  if (report.callsInAll > served || served - report.callsInAll > workload.users) {
    throw new BenchError(
      "COUNT_WRONG",
      `${contender} at ${labelOf(workload)} counted ${report.callsInAll} calls, the server answered ${served}`,
    );
  }
  const ended = report.calls + report.failures;
  const cpuMs = Object.values(report.cpuMs).reduce((sum, ms) => sum + ms, 0);
  return {
    contender,
    workload,
    callsPerSecond: (report.calls * 1000) / report.windowMs,
    failures: report.failures,
    p50Ms: report.p50Ms,
    p99Ms: report.p99Ms,
    cpuUs: Object.fromEntries(
      Object.entries(report.cpuMs).map(([program, ms]) => [program, ended === 0 ? 0 : (ms * 1000) / ended]),
    ),
    generatorCores: cpuMs / report.windowMs,
    serverCores: coresUsed(after.samples, report.fromMs, report.toMs),
  };
};
