/**
 * Reads what a report and its verdict ask of a record, each file in one walk. Nothing depends on it: what is not read ahead is
 * read when a section asks for it.
 */
import { VIEWED_SECONDS } from "../diagnosis/server-view.ts";
import { RESPONSE_TIMES } from "../gate/measured.ts";
import { logAnswers } from "../record/log-answers.ts";
import { INTERVALS } from "../record/percentile-intervals.ts";
import { plannedServers } from "../record/planned-starts.ts";
import type { RunRecord } from "../record/read-run.ts";
import { ALL_SERVERS } from "../record/server-seconds.ts";
import { timelineAnswers } from "../record/timeline-answers.ts";
import { LATENCY_COLUMNS } from "./over-time/latency-columns.ts";
import { TIMELINE_COLUMNS } from "./over-time/timeline-columns.ts";

export const readAhead = (record: RunRecord): void => {
  const ofPlanned = plannedServers(record.file).size > 0 ? [INTERVALS.response] : [];
  logAnswers.read(record, [RESPONSE_TIMES, INTERVALS.service, ...ofPlanned, LATENCY_COLUMNS]);
  timelineAnswers.read(record, [VIEWED_SECONDS, ALL_SERVERS, TIMELINE_COLUMNS]);
};
