/** Every operation of the run with its counts and times, by server. */
import { countText, msText, percentText } from "../../record/duration-text.ts";
import { failuresOf } from "../../record/limit-use.ts";
import type { PercentileInterval } from "../../record/percentile-interval.ts";
import { type IntervalKey, intervalsOf, type NameIntervals } from "../../record/percentile-intervals.ts";
import { CARRIES, percentileText } from "../../record/percentile-text.ts";
import { plannedServers } from "../../record/planned-starts.ts";
import type { OperationRecord, RunFile } from "../../record/run-file.ts";
import { HANDSHAKES, serverOf } from "../../record/server-part.ts";
import type { TimesSummary } from "../../record/times.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Cell, Inline, Section, Table } from "../document.ts";
import { LogRows } from "../over-time/log-rows.ts";

const SHOWN_ROWS = 30;
/** Servers whose tables are open at once; the others are folded. */
const SHOWN_SERVERS = 8;

export const toolsSection = (context: ReportContext): Section | null => {
  const { file } = context.record;
  const servers = operationsByServer(file);
  if (servers.length === 0) return null;
  const intervals = intervalsOf(context.record);
  const rows = new LogRows([...intervals.values()].map(({ times }) => times));
  const planned = plannedServers(file);
  const tables = servers.map(([server, operations]) =>
    serverTable({ server, operations, intervals, rows, seconds: secondsOf(file), isPlanned: planned.has(server) }),
  );
  return {
    id: "tools",
    title: "Operations",
    blocks: [
      { kind: "paragraph", text: EXPLANATION },
      ...tables.slice(0, SHOWN_SERVERS),
      ...folded(tables.slice(SHOWN_SERVERS)),
    ],
  };
};

const EXPLANATION: Inline = [
  "Times are service times of ok answers in milliseconds; beside a percentile stands the interval that holds the true one with 95 % confidence. ",
  { text: "~", style: "code" },
  " marks what too few answers carry. The small pictures have one logarithmic axis of time for all rows.",
];

const folded = (tables: readonly Table[]): Block[] =>
  tables.length === 0 ? [] : [{ kind: "details", summary: `${countText(tables.length)} more servers`, blocks: tables }];

/** Of a server the calls that came most first; handshakes and ends of sessions behind them. */
const operationsByServer = ({ operations }: RunFile): [server: string, [string, OperationRecord][]][] => {
  const servers = Map.groupBy(Object.entries(operations), ([name]) => serverOf(name));
  const sizes = new Map(
    [...servers].map(([server, each]) => [server, each.reduce((sum, [, { count }]) => sum + count, 0)]),
  );
  return [...servers]
    .sort(([a], [b]) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0) || (a < b ? -1 : 1))
    .map(([server, each]) => [
      server,
      each.sort(([a, left], [b, right]) => rankOf(a) - rankOf(b) || right.count - left.count),
    ]);
};

const rankOf = (name: string): number => {
  const rest = name.slice(name.indexOf(":") + 1);
  return HANDSHAKES.includes(rest) || rest === "session/delete" ? 1 : 0;
};

const secondsOf = ({ startedAt, endedAt, updatedAt }: RunFile): number =>
  Math.max(1, (Date.parse(endedAt ?? updatedAt) - Date.parse(startedAt)) / 1000);

interface TableOptions {
  readonly server: string;
  readonly operations: readonly (readonly [string, OperationRecord])[];
  readonly intervals: ReadonlyMap<string, NameIntervals>;
  readonly rows: LogRows;
  readonly seconds: number;
  readonly isPlanned: boolean;
}

const PERCENTILES = ["p50Ms", "p90Ms", "p95Ms", "p99Ms"] as const satisfies readonly IntervalKey[];

const serverTable = ({ server, operations, intervals, rows, seconds, isPlanned }: TableOptions): Table => ({
  kind: "table",
  caption: server === "" ? "Without a server" : server,
  columns: [
    { title: "operation" },
    { title: "count", align: "number" },
    { title: "per second", align: "number", hint: "over the whole run" },
    { title: "failed", align: "number", hint: "without what the end of the run cut off" },
    { title: "mean", align: "number" },
    ...PERCENTILES.map((key) => ({ title: key.replace("Ms", ""), align: "number" as const })),
    { title: "max", align: "number" },
    { title: "first event", align: "number", hint: "p95 of the time to the first event or byte" },
    ...(isPlanned
      ? [{ title: "response", align: "number" as const, hint: "p95 from the planned start, its queue included" }]
      : []),
  ],
  rows: operations.map(([name, operation]) => {
    const { service, "first-event": firstEvent, response } = operation.outcomes.ok?.times ?? {};
    const found = intervals.get(name);
    return [
      {
        text: [{ text: name.slice(server.length + (server === "" ? 0 : 1)), style: "code" }],
        ...(found && { shape: rows.counts(found.times) }),
      },
      { text: countText(operation.count), sort: operation.count },
      {
        text: (operation.count / seconds).toFixed(operation.count / seconds < 10 ? 2 : 0),
        sort: operation.count / seconds,
      },
      failedCell(operation),
      service === undefined ? MISSING : { text: msText(service.meanMs), sort: service.meanMs },
      ...PERCENTILES.map((key) => percentileCell(service, key, found?.[key])),
      service === undefined ? MISSING : { text: msText(service.maxMs), sort: service.maxMs },
      plainCell(firstEvent),
      ...(isPlanned ? [plainCell(response)] : []),
    ];
  }),
  shownRows: SHOWN_ROWS,
});

/** Sorts before every time that there is. */
const MISSING: Cell = { text: "-", sort: -1 };

const failedCell = (operation: OperationRecord): Cell => {
  const failures = failuresOf(operation);
  if (failures === 0) return { text: ".", sort: 0 };
  const counted = operation.count - (operation.outcomes.cancelled?.count ?? 0);
  return { text: `${percentText(failures, counted)} (${countText(failures)})`, sort: failures / counted, tone: "bad" };
};

const plainCell = (times: TimesSummary | undefined): Cell =>
  times === undefined ? MISSING : { text: percentileText(times, "p95Ms"), sort: times.p95Ms };

const percentileCell = (
  service: TimesSummary | undefined,
  key: IntervalKey,
  interval: PercentileInterval | undefined,
): Cell => {
  if (service === undefined) return MISSING;
  const text = percentileText(service, key);
  const isThin = service.count < CARRIES[key];
  const range = interval === undefined || isThin ? null : rangeText(interval);
  return {
    text: range === null ? text : [`${text} `, { text: range, tone: "quiet" }],
    sort: service[key],
    ...(isThin && { tone: "quiet" as const }),
  };
};

/** An end that the sample does not reach is open. */
const rangeText = ({ lowMs, highMs }: PercentileInterval): string | null => {
  if (lowMs === null && highMs === null) return null;
  if (highMs === null) return `${msText(lowMs ?? 0)} or more`;
  return lowMs === null ? `up to ${msText(highMs)}` : `${msText(lowMs)} to ${msText(highMs)}`;
};
