/** A run second by second as CSV: a row for each name that had operations in it, beside what was read in that second. */
import { timelineRows } from "../../record/read-run.ts";
import { csvRow } from "./csv-text.ts";
import type { ExportedRun } from "./exported-run.ts";

const HEADER = [
  ...["second", "time", "name", "count", "failures", "p50_ms", "p95_ms", "p99_ms"],
  ...["users", "sessions_open", "operations_under_way", "event_loop_delay_p99_ms", "bridge_cpu", "locust_cpu"],
] as const;

/** What is read once a second stands in each of its rows: take the mean of them, not the sum. */
export function* csvTimeline({ record }: ExportedRun): Generator<string> {
  const firstMs = Math.floor(Date.parse(record.file.startedAt) / 1000) * 1000;
  yield csvRow(HEADER);
  for (const { second, operations, gauges } of timelineRows(record)) {
    const at = [second, new Date(firstMs + second * 1000).toISOString()] as const;
    const read =
      gauges === null
        ? [null, null, null, null, null, null]
        : [
            ...[gauges.users, gauges.sessionsOpen, gauges.operationsInFlight, gauges.eventLoopDelayP99Ms],
            ...[gauges.bridgeCpu, gauges.locustCpu],
          ];
    const names = Object.entries(operations);
    // A second in which nothing ended is one, too.
    if (names.length === 0) yield csvRow([...at, null, 0, 0, null, null, null, ...read]);
    for (const [name, { count, failures, p50Ms, p95Ms, p99Ms }] of names) {
      yield csvRow([...at, name, count, failures, p50Ms ?? null, p95Ms ?? null, p99Ms ?? null, ...read]);
    }
  }
}
