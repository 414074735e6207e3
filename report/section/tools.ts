/** Every operation of the run with its counts and times, by server. */
import { countText, msText, percentText } from "../../record/duration-text.ts";
import { endedOf, failuresOf } from "../../record/limit-use.ts";
import type { PercentileInterval } from "../../record/percentile-interval.ts";
import { type IntervalKey, intervalsOf, type NameIntervals } from "../../record/percentile-intervals.ts";
import { CARRIES, percentileText } from "../../record/percentile-text.ts";
import { plannedServers } from "../../record/planned-starts.ts";
import type { OperationRecord, RunFile } from "../../record/run-file.ts";
import { runMs } from "../../record/run-length.ts";
import { HANDSHAKES, serverOf } from "../../record/server-part.ts";
import type { TimesSummary } from "../../record/times.ts";
import type { ReportContext } from "../context.ts";
import type { Cell, Inline, Section, Table, Tone } from "../document.ts";
import { failureTone } from "../failure-tone.ts";
import { LogRows } from "../over-time/log-rows.ts";
import { serverName } from "../server-name.ts";
import { code } from "../span.ts";

const SHOWN_ROWS = 30;

export const toolsSection = (context: ReportContext): Section | null => {
  const { file } = context.record;
  const servers = operationsByServer(file);
  if (servers.length === 0) return null;
  const intervals = intervalsOf(context.record);
  const planned = plannedServers(file);
  const table = operationsTable({ servers, intervals, seconds: runMs(file) / 1000, planned, file });
  return { id: "tools", title: "Operations", blocks: [{ kind: "paragraph", text: EXPLANATION }, table] };
};

const EXPLANATION: Inline = [
  "Times are service times of ok answers in milliseconds; with a percentile stands the interval that holds the true one with 95% confidence. ",
  { text: "~", style: "code" },
  " marks what too few answers carry. The distributions have one logarithmic axis of time for all rows.",
];

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

interface TableOptions {
  readonly servers: readonly (readonly [server: string, operations: readonly (readonly [string, OperationRecord])[]])[];
  readonly intervals: ReadonlyMap<string, NameIntervals>;
  readonly seconds: number;
  readonly planned: ReadonlySet<string>;
  readonly file: RunFile;
}

const PERCENTILES = ["p50Ms", "p90Ms", "p95Ms", "p99Ms"] as const satisfies readonly IntervalKey[];

/** One table for all servers: its columns line up, and it sorts across them. */
const operationsTable = ({ servers, intervals, seconds, planned, file }: TableOptions): Table => {
  const axis = new LogRows([...intervals.values()].map(({ times }) => times));
  const [first] = servers;
  const isOne = servers.length === 1;
  const isPlanned = servers.some(([server]) => planned.has(server));
  return {
    kind: "table",
    caption: isOne ? serverName(first?.[0] ?? "") : "Server by server, the busiest first",
    columns: [
      { title: "operation" },
      ...(isOne ? [] : [{ title: "server" }]),
      { title: "distribution", isPicture: true },
      { title: "count", align: "number", hint: "that ended, without what the end of the run cut off" },
      { title: "per second", align: "number", hint: "of these, over the whole run" },
      { title: "failed", align: "number", hint: "of these" },
      { title: "mean", align: "number" },
      ...PERCENTILES.map((key) => ({ title: key.replace("Ms", ""), align: "number" as const })),
      { title: "max", align: "number" },
      { title: "first event", align: "number", hint: "p95 of the time to the first event or byte" },
      ...(isPlanned
        ? [{ title: "response", align: "number" as const, hint: "p95 from the planned start, its queue included" }]
        : []),
    ],
    rows: servers.flatMap(([server, operations]) =>
      operations.map(([name, operation]): Cell[] => {
        const { service, "first-event": firstEvent, response } = operation.outcomes.ok?.times ?? {};
        const found = intervals.get(name);
        const ended = endedOf(operation);
        return [
          { text: [code(name.slice(server.length + (server === "" ? 0 : 1)))] },
          ...(isOne ? [] : [serverName(server)]),
          { text: "", ...(found && { shape: axis.counts(found.times) }) },
          { text: countText(ended), sort: ended },
          { text: (ended / seconds).toFixed(ended / seconds < 10 ? 2 : 0), sort: ended / seconds },
          failedCell(operation, (share) => failureTone(share, file, server)),
          service === undefined ? MISSING : { text: msText(service.meanMs), sort: service.meanMs },
          ...PERCENTILES.map((key) => percentileCell(service, key, found?.[key])),
          service === undefined ? MISSING : { text: msText(service.maxMs), sort: service.maxMs },
          plainCell(firstEvent),
          ...(isPlanned ? [plainCell(response)] : []),
        ];
      }),
    ),
    shownRows: SHOWN_ROWS,
  };
};

/** Whichever way it is sorted, it comes last. */
const MISSING: Cell = "-";

const failedCell = (
  operation: OperationRecord,
  toneOf: (share: { failures: number; of: number }) => Tone | undefined,
): Cell => {
  const failures = failuresOf(operation);
  if (failures === 0) return { text: "0%", sort: 0 };
  const of = endedOf(operation);
  const tone = toneOf({ failures, of });
  return {
    text: `${percentText(failures, of)} (${countText(failures)})`,
    sort: failures / of,
    ...(tone !== undefined && { tone }),
  };
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
