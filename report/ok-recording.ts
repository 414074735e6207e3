/**
 * The times of ok answers as a recording: what sections read percentiles of several operations from. Made of what the intervals
 * have read already; times of failures, headers and connections, most of a long run's log, stay unread.
 */
import { intervalsOf } from "../record/percentile-intervals.ts";
import { plannedServers } from "../record/planned-starts.ts";
import type { RunRecord } from "../record/read-run.ts";
import { Recording } from "../record/recording.ts";

export interface OkRecording {
  /** Service times; response times where starts were planned. Neither counts nor failures. */
  readonly recording: Recording;
}

export const okRecording = (record: RunRecord): OkRecording => {
  const recording = new Recording();
  const kinds = plannedServers(record.file).size > 0 ? (["service", "response"] as const) : (["service"] as const);
  for (const kind of kinds) {
    for (const [name, { times }] of intervalsOf(record, kind)) recording.times(name, "ok", kind).add(times);
  }
  return { recording };
};
