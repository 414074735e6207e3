/** The report's tables, as Markdown that is aligned for a terminal as well. */
import { CONTENDERS } from "./contenders.ts";
import { READERS, type ResultsRow } from "./results/measure-results.ts";
import type { IdleSessions } from "./sessions.ts";
import type { Spread } from "./spread.ts";
import type { Row } from "./summary.ts";

/** A column of a table whose rows are `Of`. */
export interface Column<Of> {
  readonly title: string;
  readonly cell: (row: Of) => string;
  readonly isText?: boolean;
}

export const NOTHING = "–";

const CALL_COLUMNS: readonly Column<Row>[] = [
  { title: "users", cell: ({ workload }) => String(workload.users) },
  { title: "answer", cell: ({ workload }) => workload.answer.toUpperCase(), isText: true },
  { title: "era", cell: ({ workload }) => workload.era, isText: true },
  { title: "contender", cell: ({ contender }) => CONTENDERS[contender].title, isText: true },
  { title: "calls/s", cell: ({ callsPerSecond }) => thousands(callsPerSecond.median) },
  { title: "spread", cell: ({ callsPerSecond }) => percent(callsPerSecond.relative) },
  { title: "× undici", cell: ({ toUndici }) => times(toUndici) },
  { title: "× FastHttpUser", cell: ({ toByHand }) => times(toByHand) },
  { title: "p50 ms", cell: ({ p50Ms }) => milliseconds(p50Ms) },
  { title: "p99 ms", cell: ({ p99Ms }) => milliseconds(p99Ms) },
  { title: "CPU µs/call", cell: ({ cpuUs }) => byProgram(cpuUs, (us) => us.toFixed(0)) },
  { title: "core", cell: ({ generatorCores }) => percent(generatorCores) },
  { title: "server", cell: ({ serverCores }) => percent(serverCores) },
];

const IDLE_COLUMNS: readonly Column<IdleSessions>[] = [
  { title: "idle sessions", cell: ({ sessions }) => String(sessions) },
  { title: "held by", cell: ({ holder }) => CONTENDERS[holder].title, isText: true },
  { title: "resident MB", cell: ({ residentBytes }) => byProgram(residentBytes, (bytes) => (bytes / 1e6).toFixed(0)) },
  {
    title: "kB/session",
    cell: ({ bytesPerSession }) => byProgram(bytesPerSession, (bytes) => (bytes / 1e3).toFixed(0)),
  },
  { title: "opens/s", cell: ({ opensPerSecond }) => thousands(opensPerSecond) },
];

const RESULTS_COLUMNS: readonly Column<ResultsRow>[] = [
  { title: "rows", cell: ({ rows }) => thousands(rows) },
  { title: "read by", cell: ({ reader }) => READERS[reader].title, isText: true },
  { title: "s", cell: ({ seconds }) => seconds.median.toFixed(1) },
  { title: "spread", cell: ({ seconds }) => percent(seconds.relative) },
  { title: "rows/s", cell: ({ rows, seconds }) => thousands(rows / seconds.median) },
  { title: "CPU s", cell: ({ cpuSeconds }) => cpuSeconds.median.toFixed(1) },
  { title: "× CPU of csv-parse", cell: ({ toPeer }) => times(toPeer) },
  { title: "peak MB", cell: ({ peakBytes }) => (peakBytes / 1e6).toFixed(0) },
];

export const callTable = (rows: readonly Row[]): string => table(CALL_COLUMNS, rows);
export const idleTable = (rows: readonly IdleSessions[]): string => table(IDLE_COLUMNS, rows);
export const resultsTable = (rows: readonly ResultsRow[]): string => table(RESULTS_COLUMNS, rows);

/** Markdown that is aligned for a terminal as well. */
export const table = <Of>(columns: readonly Column<Of>[], rows: readonly Of[]): string => {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const widths = columns.map(({ title }, at) => Math.max(title.length, ...cells.map((line) => line[at]?.length ?? 0)));
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text, at) => pad(text, widths[at] ?? 0, columns[at]?.isText === true)).join(" | ")} |`;
  const rule = widths.map((width, at) => (columns[at]?.isText ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(columns.map(({ title }) => title)), line(rule), ...cells.map(line)].join("\n");
};

const pad = (text: string, width: number, isText: boolean): string =>
  isText ? text.padEnd(width) : text.padStart(width);

const thousands = (value: number): string => Math.round(value).toLocaleString("en-US");
const times = (ratio: Spread | null): string => (ratio === null ? NOTHING : ratio.median.toFixed(2));
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const milliseconds = (ms: number): string => (ms < 10 ? ms.toFixed(2) : ms.toFixed(0));

/** The sum, and its parts where there are several programs: `85 = locust 52 + bridge 33`. */
const byProgram = (values: Readonly<Record<string, number>>, format: (value: number) => string): string => {
  const entries = Object.entries(values);
  const sum = format(entries.reduce((total, [, value]) => total + value, 0));
  if (entries.length < 2) return sum;
  return `${sum} = ${entries.map(([program, value]) => `${program} ${format(value)}`).join(" + ")}`;
};
