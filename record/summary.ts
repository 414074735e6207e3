/** A run in one screen of text, fit for a terminal and for a chat. Judges nothing but what the servers' limits say. */

import { arrivalLines } from "./arrival-lines.ts";
import { authLines } from "./auth-lines.ts";
import { connectionLines } from "./connection-lines.ts";
import { countText, durationText, msText, percentText } from "./duration-text.ts";
import { failureLines } from "./failure-lines.ts";
import { footLines } from "./foot-lines.ts";
import { type GeneratorLevel, type GeneratorVerdict, generatorVerdict } from "./generator-verdict.ts";
import { isolationLines } from "./isolation-lines.ts";
import { failuresOf, limitsSet } from "./limit-use.ts";
import type { LocustStatistics } from "./locust-differences.ts";
import { memoryLines } from "./memory-lines.ts";
import { ownValue } from "./own-value.ts";
import { indented, type Page, type PageOptions, pageOf } from "./page.ts";
import { percentileText } from "./percentile-text.ts";
import { droppedStarts, plannedServers } from "./planned-starts.ts";
import type { RunRecord } from "./read-run.ts";
import type { OperationRecord, RunFile } from "./run-file.ts";
import { byServer, HANDSHAKES, type ServerPart } from "./server-part.ts";
import { limitLines } from "./slo-lines.ts";
import { streamLines } from "./stream-lines.ts";
import { commonWidths, printable, shortened, tableLines, wrapped } from "./text-table.ts";
import { toolLines } from "./tool-lines.ts";
import type { ToolsBefore } from "./tools-before.ts";
import { trendLines } from "./trend-lines.ts";
import { turnLines } from "./turn-lines.ts";

export interface SummaryOptions extends PageOptions {
  readonly locust?: LocustStatistics;
  /** What others make of the record, below the failures; nothing for no lines. */
  readonly verdict?: (page: Page) => readonly string[];
  /** What servers listed the last time, by name. */
  readonly toolsBefore?: ReadonlyMap<string, ToolsBefore>;
}

/** @returns lines with `\n` between and at the end */
export const summarize = (record: RunRecord, options: SummaryOptions = {}): string => {
  const page = pageOf(options);
  const { file } = record;
  const servers = byServer(file);
  const rows = servers.flatMap(({ operations }) => operations.map(([name, each]) => operationRow(name, each)));
  const widths = commonWidths([HEADER, ...rows]);
  const sections = [
    headline(file, page),
    ...servers.map((server) =>
      serverLines({ server, record, page, widths, before: options.toolsBefore?.get(server.name) }),
    ),
    failureLines(record, page),
    options.verdict?.(page) ?? [],
    footLines(record, options.locust, page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
};

const sum = (operations: readonly OperationRecord[], of: (one: OperationRecord) => number): number =>
  operations.reduce((total, one) => total + of(one), 0);

const headline = (file: RunFile, { columns, paint }: Page): string[] => {
  const all = Object.values(file.operations);
  const count = sum(all, (one) => one.count);
  const failures = sum(all, failuresOf);
  const cutOff = sum(all, (one) => one.failures - failuresOf(one));
  const dropped = droppedStarts(file);
  const generator = generatorVerdict(file);
  // Of a damaged record the end may lie before the start, and `damage` says so.
  const ms = Math.max(0, Date.parse(file.endedAt ?? file.updatedAt) - Date.parse(file.startedAt));
  const facts = [
    usersText(file),
    `${countText(count)} operations in ${durationText(ms)}`,
    failures === 0 ? "no failures" : `${countText(failures)} failed (${percentText(failures, count)})`,
    ...(dropped === 0 ? [] : [`${countText(dropped)} ${dropped === 1 ? "start" : "starts"} dropped`]),
    ...(GENERATOR_FACTS[generator.level] ?? []),
    ...(cutOff === 0 ? [] : [`${countText(cutOff)} cut off before the answer`]),
    `${(count / Math.max(1, ms / 1000)).toFixed(1)}/s`,
  ];
  const colour = failures > 0 ? "red" : dropped > 0 ? "yellow" : "green";
  const verdict = wrapped(facts.join(", "), columns).map((line) => paint(colour, paint("bold", line)));
  const time = `   ${file.startedAt.slice(0, 19).replace("T", " ")} UTC`;
  const id = shortened(printable(file.id), columns - time.length) + time;
  const state = file.state === "running" ? "not complete" : `ended: ${printable(file.endReason ?? "?")}`;
  const isShort = id.length + 3 + state.length <= columns;
  const titles = isShort ? [`${id}   ${state}`] : [id, ...wrapped(state, columns)];
  return [...generatorLines(generator, { columns, paint }), ...verdict, ...titles.map((line) => paint("dim", line))];
};

/** What needs no line of its own. */
const GENERATOR_FACTS: Partial<Record<GeneratorLevel, readonly string[]>> = {
  ok: ["generator ok"],
  unknown: ["generator not measured"],
};

/** Before all figures: it says what they are worth. */
const generatorLines = ({ level, reasons }: GeneratorVerdict, { columns, paint }: Page): string[] => {
  if (GENERATOR_FACTS[level] !== undefined) return [];
  const colour = level === "saturated" ? "red" : "yellow";
  return reasons
    .flatMap((reason, index) => wrapped(index === 0 ? `generator ${level}: ${reason}` : reason, columns))
    .map((line) => paint(colour, paint("bold", line)));
};

/**
 * Sessions first, at their peak: what a session holds of a server, it holds while it is idle, too. Users are read once a second
 * by a bridge; where there was no reading, there is the plan.
 */
const usersText = ({ generator, plan, sessions }: RunFile): string => {
  const held =
    sessions.peak === 0 ? "" : `${countText(sessions.peak)} ${sessions.peak === 1 ? "session" : "sessions"} of `;
  if (generator.seconds > 0 || generator.usersPeak > 0) return `${held}${usersCount(generator.usersPeak)}`;
  return typeof plan.users === "number" ? `${held}${usersCount(plan.users)} planned` : "users not measured";
};

const usersCount = (users: number): string => `${countText(users)} ${users === 1 ? "user" : "users"}`;

const HEADER = ["  ms, ok answers", "count", "failed", "p50", "p90", "p95", "p99", "max"];

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
  readonly record: RunRecord;
  readonly page: Page;
  readonly widths: readonly number[];
  readonly before: ToolsBefore | undefined;
}

const serverLines = ({ server, record, page, widths, before }: ServerOptions): string[] => {
  const { file } = record;
  const { columns, paint } = page;
  const name = printable(server.name === "" ? "(other)" : server.name);
  const settings = ownValue(file.servers, server.name);
  const url = typeof settings?.url === "string" ? printable(settings.url) : "";
  const kind = plannedServers(file).has(server.name) ? "response" : "service";
  const target = url === "" ? "" : `  ${url}${isLoopback(url) ? "  [loopback: no network latency]" : ""}`;
  const title = paint("bold", name) + paint("dim", shortened(target, columns - name.length));
  const head = [
    title,
    ...sessionLine(server, file, page),
    ...connectionLines(server.name, file, page),
    ...authLines(server.name, record, page),
    ...streamLines(server.name, record, page),
    ...isolationLines(server.name, file, page),
    ...memoryLines(server.name, record, page),
    ...toolLines(server.name, record, before, page),
  ];
  if (server.operations.length === 0) return [...head, ...arrivalLines(server, file, page)];
  return [
    ...head,
    ...tableLines([HEADER, ...server.operations.map(([rest, each]) => operationRow(rest, each))], columns, widths).map(
      (line, index) => (index === 0 ? paint("dim", line) : line),
    ),
    ...turnLines(server.name, file, page),
    ...arrivalLines(server, file, page),
    ...trendLines(server.name, record, page),
    ...limitLines(server.operations, limitsSet(settings?.slo), kind).flatMap(({ text, isBroken }) =>
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
  const open = ownValue(file.sessions.byServer, server.name);
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

const isLoopback = (url: string): boolean => {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\./.test(host);
};
