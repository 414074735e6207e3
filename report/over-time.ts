/** A run over time: its timeline and its latency log, each read once, joined to columns of at most 600 slots. */
import type { RunRecord } from "../record/read-run.ts";
import { type LatencyColumns, latencyColumns } from "./over-time/latency-columns.ts";
import { slotsOf, type TimeSlots } from "./over-time/time-slots.ts";
import { type TimelineColumns, timelineColumns } from "./over-time/timeline-columns.ts";

export interface OverTime {
  readonly slots: TimeSlots;
  readonly timeline: TimelineColumns;
  readonly latency: LatencyColumns;
}

/** Reads two files as streams; memory goes with the slots and the names, not with the calls. */
export const overTime = (record: RunRecord): OverTime => {
  const slots = slotsOf(record.file);
  return { slots, timeline: timelineColumns(record, slots), latency: latencyColumns(record, slots) };
};
