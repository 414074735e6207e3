/** A run in one screen of text, fit for a terminal and for a chat. Judges nothing but what the servers' limits say. */
import { isAbsolute, relative, sep } from "node:path";
import { countText, durationText, msText, percentText } from "./duration-text.ts";
import type { RunRecord } from "./read-run.ts";
import { OUTCOMES, type Outcome, REASONS } from "./reason.ts";
import type { OperationRecord, RunFile } from "./run-file.ts";
import { DEFAULT_LIMITS, failuresOf, type Limits, limitLines } from "./slo-lines.ts";
import { commonWidths, printable, shortened, tableLines, wrapped } from "./text-table.ts";
import type { TimesSummary } from "./times.ts";

/** Requests and failures by name, as Locust's own statistics have them. */
export type LocustStatistics = Readonly<Record<string, readonly [requests: number, failures: number]>>;

export interface SummaryOptions {
  readonly locust?: LocustStatistics;
  /** Width of the terminal; held between 80 and 140. */
  readonly columns?: number;
  readonly color?: boolean;
}

const NARROWEST = 80;
const WIDEST = 140;
const HANDSHAKES = ["initialize", "server/discover"];
const ENDS = ["session/delete"];
/** Reasons that a table of failures shows by name; the rest is one line. */
const MOST_REASONS = 12;
const MOST_DIFFERENCES = 10;
/** Fewer samples than this cannot carry the percentile: it is the maximum, or close to it. */
const CARRIES = { p50Ms: 2, p90Ms: 10, p95Ms: 20, p99Ms: 100 } as const;

type Paint = (style: "bold" | "dim" | "red" | "green" | "yellow", text: string) => string;
const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

interface Page {
  readonly columns: number;
  readonly paint: Paint;
}

/** @returns lines with `\n` between and at the end */
export const summarize = (record: RunRecord, options: SummaryOptions = {}): string => {
  const columns = Math.min(WIDEST, Math.max(NARROWEST, options.columns ?? NARROWEST));
  const paint: Paint = (style, text) => (options.color === true ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text);
  const page = { columns, paint };
  const { file } = record;
  const servers = byServer(file);
  const rows = servers.flatMap(({ operations }) => operations.map(([name, each]) => operationRow(name, each)));
  const widths = commonWidths([HEADER, ...rows]);
  const sections = [
    headline(file, page),
    ...servers.map((server) => serverLines({ server, file, page, widths })),
    failureLines(record, page),
    footLines(record, options, page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
};

interface ServerPart {
  readonly name: string;
  /** Without the server's name. */
  readonly operations: readonly (readonly [string, OperationRecord])[];
}

const byServer = (file: RunFile): ServerPart[] => {
  const servers = new Map<string, [string, OperationRecord][]>();
  for (const [name, operation] of Object.entries(file.operations)) {
    const colon = name.indexOf(":");
    const server = colon === -1 ? "" : name.slice(0, colon);
    const rest = printable(shortName(name.slice(colon + 1)));
    servers.set(server, [...(servers.get(server) ?? []), [rest, operation]]);
  }
  return [...servers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, operations]) => ({ name, operations: operations.sort(byRank) }));
};

/** Of a tool call the tool: what most rows are, and where the width is scarce. */
const shortName = (rest: string): string => rest.replace(/^tools\/call:(?=.)/, "");

/** A session's life: handshake, calls by how often, end. */
const byRank = (
  [a, left]: readonly [string, OperationRecord],
  [b, right]: readonly [string, OperationRecord],
): number => rankOf(a) - rankOf(b) || right.count - left.count || (a < b ? -1 : 1);

const rankOf = (name: string): number => (HANDSHAKES.includes(name) ? 0 : ENDS.includes(name) ? 2 : 1);

const sum = (operations: readonly OperationRecord[], of: (one: OperationRecord) => number): number =>
  operations.reduce((total, one) => total + of(one), 0);

const headline = (file: RunFile, { columns, paint }: Page): string[] => {
  const all = Object.values(file.operations);
  const count = sum(all, (one) => one.count);
  const failures = sum(all, failuresOf);
  const cutOff = sum(all, (one) => one.failures - failuresOf(one));
  const ms = Date.parse(file.endedAt ?? file.updatedAt) - Date.parse(file.startedAt);
  const facts = [
    `${countText(count)} operations in ${durationText(ms)}`,
    failures === 0 ? "no failures" : `${countText(failures)} failed (${percentText(failures, count)})`,
    ...(cutOff === 0 ? [] : [`${countText(cutOff)} cut off before the answer`]),
    `${(count / Math.max(1, ms / 1000)).toFixed(1)}/s`,
    `${countText(file.generator.usersPeak)} users`,
  ];
  const verdict = wrapped(facts.join(", "), columns).map((line) =>
    paint(failures === 0 ? "green" : "red", paint("bold", line)),
  );
  const time = `   ${file.startedAt.slice(0, 19).replace("T", " ")} UTC`;
  const id = shortened(printable(file.id), columns - time.length) + time;
  const state = file.state === "running" ? "not complete" : `ended: ${printable(file.endReason ?? "?")}`;
  const isShort = id.length + 3 + state.length <= columns;
  const titles = isShort ? [`${id}   ${state}`] : [id, ...wrapped(state, columns)];
  return [...verdict, ...titles.map((line) => paint("dim", line))];
};

const HEADER = ["  ms, ok answers", "count", "failed", "p50", "p90", "p95", "p99", "max"];

const percentileText = (service: TimesSummary | undefined, key: keyof typeof CARRIES): string => {
  if (service === undefined) return "-";
  return `${service.count < CARRIES[key] ? "~" : ""}${msText(service[key])}`;
};

const operationRow = (name: string, operation: OperationRecord): string[] => {
  const { count, outcomes } = operation;
  const failures = failuresOf(operation);
  const service = outcomes.ok?.times.service;
  return [
    `  ${name}`,
    countText(count),
    failures === 0 ? "." : countText(failures),
    percentileText(service, "p50Ms"),
    percentileText(service, "p90Ms"),
    percentileText(service, "p95Ms"),
    percentileText(service, "p99Ms"),
    service === undefined ? "-" : msText(service.maxMs),
  ];
};

interface ServerOptions {
  readonly server: ServerPart;
  readonly file: RunFile;
  readonly page: Page;
  readonly widths: readonly number[];
}

const serverLines = ({ server, file, page, widths }: ServerOptions): string[] => {
  const { columns, paint } = page;
  const name = printable(server.name === "" ? "(other)" : server.name);
  const settings = file.servers[server.name];
  const url = typeof settings?.url === "string" ? printable(settings.url) : "";
  const target = url === "" ? "" : `  ${url}${isLoopback(url) ? "  [loopback: no network latency]" : ""}`;
  const title = paint("bold", name) + paint("dim", shortened(target, columns - name.length));
  return [
    title,
    ...sessionLine(server, file, page),
    ...tableLines([HEADER, ...server.operations.map(([rest, each]) => operationRow(rest, each))], columns, widths).map(
      (line, index) => (index === 0 ? paint("dim", line) : line),
    ),
    ...limitLines(server.operations, (settings?.slo ?? null) as Limits | null).flatMap(({ text, isBroken }) =>
      indented(text, columns).map((line) => paint(isBroken ? "red" : "dim", line)),
    ),
  ];
};

const sessionLine = (server: ServerPart, file: RunFile, { columns }: Page): string[] => {
  const handshakes = server.operations.filter(([name]) => HANDSHAKES.includes(name));
  if (handshakes.length === 0) return [];
  const opened = sum(
    handshakes.map(([, each]) => each),
    (one) => one.count - one.failures,
  );
  const open = file.sessions.byServer[server.name];
  const facts = [`${countText(opened)} opened`];
  if (open !== undefined) facts.push(`peak ${countText(open.peak)}`, `${countText(open.leftOpen)} left open`);
  const times = handshakes.flatMap(([, { outcomes }]) => {
    const service = outcomes.ok?.times.service;
    return service === undefined
      ? []
      : [`p50 ${percentileText(service, "p50Ms")} ms, p95 ${percentileText(service, "p95Ms")} ms`];
  });
  const handshake = times.length === 0 ? "no handshake succeeded" : `handshake ${times.join(" / ")}`;
  return indented(`sessions: ${facts.join(", ")}; ${handshake}`, columns);
};

const indented = (text: string, columns: number): string[] =>
  wrapped(text, columns - 4).map((line, index) => (index === 0 ? `  ${line}` : `    ${line}`));

const isLoopback = (url: string): boolean => {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\./.test(host);
};

/** What was cut off before its answer says nothing about the server. */
type Failure = Exclude<Outcome, "ok" | "cancelled">;

interface FailureRow {
  readonly name: string;
  readonly outcome: Failure;
  readonly count: number;
}

const failureLines = ({ file, failures }: RunRecord, { columns, paint }: Page): string[] => {
  const rows: FailureRow[] = [];
  for (const [name, { outcomes }] of Object.entries(file.operations)) {
    for (const outcome of OUTCOMES) {
      const count = outcomes[outcome]?.count ?? 0;
      if (outcome !== "ok" && outcome !== "cancelled" && count !== 0) rows.push({ name, outcome, count });
    }
  }
  if (rows.length === 0) return [];
  rows.sort((a, b) => b.count - a.count);
  const lines = [paint("bold", "failures")];
  const shown = rows.slice(0, MOST_REASONS);
  const countWidth = Math.max(...shown.map(({ count }) => countText(count).length));
  const outcomeWidth = Math.max(...shown.map(({ outcome }) => outcome.length));
  for (const { name, outcome, count } of shown) {
    const head = `  ${countText(count).padStart(countWidth)}  ${outcome.padEnd(outcomeWidth)}  `;
    lines.push(head + shortened(printable(name), columns - head.length));
    const example = failures.find((group) => group.name === name && group.outcome === outcome)?.samples[0];
    const text = `${REASONS[outcome].text}${example ? `; e.g. ${printable(example)}` : ""}`;
    lines.push(paint("dim", cut(`${" ".repeat(countWidth + 4)}${text}`, columns)));
  }
  const rest = rows.slice(MOST_REASONS);
  if (rest.length > 0) {
    lines.push(`  and ${countText(rest.reduce((total, { count }) => total + count, 0))} of ${rest.length} other kinds`);
  }
  return lines;
};

const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 2)}..`);

const footLines = (record: RunRecord, { locust }: SummaryOptions, page: Page): string[] => {
  const { file, dir } = record;
  const { before, after } = file.harnessDelay;
  const facts: (readonly [label: string, text: string, isWarning?: boolean])[] = [];
  facts.push([
    "harness delay",
    `before sending ${halfText(before)}; after the answer ${halfText(after)} (not in the times above)`,
  ]);
  facts.push(["generator", generatorText(file)]);
  facts.push(["hidden", hiddenText(file)]);
  if (usesDefaultLimits(file)) facts.push(["slo", DEFAULT_LIMITS_TEXT]);
  const cutOff = cutOffText(file);
  if (cutOff !== "") facts.push(["cut off", cutOff]);
  for (const text of gapTexts(file)) facts.push(["gap", text, true]);
  const givenUp = givenUpCount(file);
  if (givenUp > 0) facts.push(["given up", `${countText(givenUp)} ${GIVEN_UP}`, true]);
  for (const { part, state } of file.parts) {
    if (state === "running")
      facts.push(["part", `${printable(part)} did not end: it is counted as far as it was written`, true]);
  }
  for (const text of record.damage) facts.push(["damage", printable(text), true]);
  for (const [index, text] of locustTexts(file, locust).entries())
    facts.push([index === 0 ? "locust" : "", text, true]);
  if (hasThinPercentile(file)) facts.push(["~", "too few ok answers to carry this percentile"]);
  facts.push(["record", printable(shownPath(dir))]);
  const width = Math.max(...facts.map(([label]) => label.length)) + 2;
  return facts.flatMap(([label, text, isWarning]) => {
    // A path is copied: it stays in one piece.
    const body = label === "record" ? [text] : wrapped(text, page.columns - width);
    return body.map((line, index) => {
      const full = `${(index === 0 ? label : "").padEnd(width)}${line}`;
      return isWarning ? page.paint("yellow", full) : full;
    });
  });
};

/** As somebody in the working folder would type it, where the record lies below that. */
const shownPath = (dir: string): string => {
  const path = relative(process.cwd(), dir);
  const isBelow = path !== "" && !isAbsolute(path) && path.split(sep)[0] !== "..";
  return isBelow ? path : dir;
};

const halfText = ({ count, p50Ms, p99Ms }: TimesSummary): string =>
  count === 0 ? "not measured" : `p50 ${msText(p50Ms)}, p99 ${msText(p99Ms)} ms`;

const generatorText = ({ generator }: RunFile): string => {
  const { eventLoopDelayP99Ms, bridgeCpu, locustCpu, bridgeRssBytes } = generator;
  const facts = [
    `event loop p99 ${msText(eventLoopDelayP99Ms.mean)} ms late (worst second ${msText(eventLoopDelayP99Ms.max)} ms)`,
    `bridge CPU ${percentOfCore(bridgeCpu.mean)} (peak ${percentOfCore(bridgeCpu.max)})`,
  ];
  if (locustCpu !== null)
    facts.push(`Locust CPU ${percentOfCore(locustCpu.mean)} (peak ${percentOfCore(locustCpu.max)})`);
  facts.push(`${Math.round(bridgeRssBytes.max / 1e6)} MB`);
  return facts.join(", ");
};

const percentOfCore = (cores: number): string => `${Math.round(cores * 100)}%`;

const hiddenText = ({ hidden }: RunFile): string => {
  const kinds = new Map<string, number>();
  for (const [name, times] of Object.entries(hidden)) {
    const kind = printable(name.slice(name.indexOf(":") + 1));
    kinds.set(kind, (kinds.get(kind) ?? 0) + times);
  }
  const total = [...kinds.values()].reduce((all, times) => all + times, 0);
  if (total === 0) return "MCP made no requests of its own";
  const most = [...kinds].sort((a, b) => b[1] - a[1]).slice(0, 4);
  const list = most.map(([kind, times]) => `${kind} ${countText(times)}`).join(", ");
  return `${countText(total)} requests that MCP made on its own, not counted above: ${list}${kinds.size > 4 ? ", ..." : ""}`;
};

const CAUSES = {
  "bridge-lost": "a bridge was lost",
  "thread-lost": "the recorder's thread was lost",
  backlog: "the recorder fell behind",
  "at-stop": "Python had counted differently at the end",
  "folder-lost": "the record's folder was removed and written anew",
} as const;

const gapTexts = (file: RunFile): string[] =>
  file.gaps.map(({ at, cause, lostLatencies }) => {
    const lost =
      lostLatencies === 0 ? "no times are missing" : `${countText(lostLatencies)} operations are counted without times`;
    const counts = givenUpCount(file) === 0 ? "; the counts are exact" : "";
    return `${at.slice(11, 19)} ${CAUSES[cause]}: ${lost}${counts}`;
  });

const GIVEN_UP = "operations without an end that Locust saw count as `bridge`, whatever became of them";

const givenUpCount = ({ reconciled }: RunFile): number =>
  Object.values(reconciled).reduce((total, { bridge = 0 }) => total + Math.max(0, bridge), 0);

const DEFAULT_LIMITS_TEXT = `our defaults, p99 ${DEFAULT_LIMITS.p99Ms / 1000} s and ${DEFAULT_LIMITS.errorPercent}% failures, where a server has none`;

const usesDefaultLimits = (file: RunFile): boolean =>
  byServer(file).some(({ name }) => (file.servers[name]?.slo ?? null) === null);

const cutOffText = ({ operations }: RunFile): string => {
  const names = Object.entries(operations)
    .map(([name, { outcomes }]): [string, number] => [name, outcomes.cancelled?.count ?? 0])
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1]);
  if (names.length === 0) return "";
  const list = names.slice(0, 4).map(([name, count]) => `${shortened(printable(name), 60)} ${countText(count)}`);
  return `by the end of the run or by the test itself, no failure of a server: ${list.join(", ")}${names.length > 4 ? ", ..." : ""}`;
};

const locustTexts = (file: RunFile, locust: LocustStatistics | undefined): string[] => {
  if (locust === undefined) return [];
  const names = [...new Set([...Object.keys(file.operations), ...Object.keys(locust)])].sort();
  const differences = names.flatMap((name) => {
    const { count = 0, failures = 0 } = file.operations[name] ?? {};
    const [requests, failed] = locust[name] ?? [0, 0];
    if (requests === count && failed === failures) return [];
    return [
      `${printable(name)} ${countText(requests)} (${countText(failed)} failed) against ${countText(count)} (${countText(failures)})`,
    ];
  });
  if (differences.length === 0) return [];
  const isKnown = file.parts.length > 0 && file.endReason?.includes("SIGTERM") === true;
  return [
    `Locust's own statistics differ from this record${isKnown ? ": on SIGTERM Locust loses a worker's last seconds" : ""}:`,
    ...differences.slice(0, MOST_DIFFERENCES),
    ...(differences.length > MOST_DIFFERENCES ? [`and ${differences.length - MOST_DIFFERENCES} further names`] : []),
  ];
};

const hasThinPercentile = (file: RunFile): boolean =>
  Object.values(file.operations).some(({ outcomes }) => {
    const count = outcomes.ok?.times.service?.count;
    return count !== undefined && count < CARRIES.p99Ms;
  });
