/** A run over time: its timeline and its latency log, each read once, joined to columns of at most 600 slots. */
import { logAnswers } from "../record/log-answers.ts";
import type { RunRecord } from "../record/read-run.ts";
import { timelineAnswers } from "../record/timeline-answers.ts";
import { LATENCY_COLUMNS, type LatencyColumns } from "./over-time/latency-columns.ts";
import { slotsOf, type TimeSlots } from "./over-time/time-slots.ts";
import { TIMELINE_COLUMNS, type TimelineColumns } from "./over-time/timeline-columns.ts";

export interface OverTime {
  readonly slots: TimeSlots;
  readonly timeline: TimelineColumns;
  readonly latency: LatencyColumns;
}

/** Reads two files as streams; memory goes with the slots and the names, not with the calls. */
export const overTime = (record: RunRecord): OverTime => ({
  slots: slotsOf(record.file),
  timeline: timelineAnswers.of(record, TIMELINE_COLUMNS),
  latency: logAnswers.of(record, LATENCY_COLUMNS),
});
