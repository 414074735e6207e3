/** The formats in which a run leaves swarmbridge, by the name that is typed. */
import { junitXml } from "../../gate/junit.ts";
import { csvSummary } from "./csv-summary.ts";
import { csvTimeline } from "./csv-timeline.ts";
import type { ExportedRun, SeriesFilter } from "./exported-run.ts";
import { hdrLog } from "./hdr-log.ts";
import { jsonLines } from "./json-lines.ts";
import { jsonSummary } from "./json-summary.ts";
import { prometheusFile } from "./prometheus-file.ts";
import { pullRequestMarkdown } from "./pull-request.ts";

/** Yields texts that end where a line ends: an hour's log is larger than what should be one text. */
export type Format = (run: ExportedRun, filter: SeriesFilter) => Iterable<string>;

export const FORMATS = {
  csv: csvSummary,
  "csv-timeline": csvTimeline,
  json: jsonSummary,
  jsonl: jsonLines,
  junit: ({ verdict }) => [junitXml(verdict)],
  markdown: pullRequestMarkdown,
  hlog: hdrLog,
  prometheus: prometheusFile,
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;
