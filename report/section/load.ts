/** What the run put on the servers: sessions first, then what came of them, and under an arrival rate the planned starts. */
import { countText, msText, percentText } from "../../record/duration-text.ts";
import { clockText } from "../../record/machine-clock.ts";
import { runMs } from "../../record/run-length.ts";
import { Times } from "../../record/times.ts";
import { type AwaitedText, awaitedText } from "../awaited-text.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Lines, Section, Table } from "../document.ts";
import { meanOf, peakOf, perSecond, rounded, sentences, sumOf, whenText } from "../over-time/column-facts.ts";
import type { Column } from "../over-time/timeline-columns.ts";
import type { OverTime } from "../over-time.ts";

/** Lines that an eye can tell apart. */
const MOST_SERVERS = 10;

export const loadSection = (context: ReportContext): Section | null => {
  const over = context.overTime();
  if (over.timeline.rows.every((rows) => rows === 0)) return null;
  const { shape, shapeStages } = context.record.file.plan;
  const isShaped = typeof shape === "string";
  const clocks = clockText(context.record.file);
  const blocks: Block[] = [
    ...(clocks === "" ? [] : [{ kind: "paragraph" as const, tone: "warning" as const, text: `${clocks}.` }]),
    ...(isShaped
      ? [
          {
            kind: "paragraph" as const,
            text: [
              "The users followed the shape ",
              { text: shapeText(shape, shapeStages), style: "code" as const },
              ".",
            ],
          },
        ]
      : []),
    sessionsChart(over),
    ...throughputChart(over, runMs(context.record.file) / 1000),
    ...serversChart(over),
    ...arrivalsChart(over),
    ...(isShaped
      ? [overlay(over), levelsTable(over, awaitedText(context.record.file))].flatMap((block) => block ?? [])
      : []),
  ];
  return { id: "load", title: "Load", blocks };
};

const shapeText = (shape: string, stages: unknown): string =>
  typeof stages === "string" && stages !== shape ? `${shape}: ${stages}` : shape;

const TIME = { label: "time since the start", unit: "seconds" } as const;

const sessionsChart = ({ slots, timeline }: OverTime): Lines => {
  const { sessions, users, inFlight } = timeline.gauges;
  const peak = peakOf(sessions, slots);
  const mean = meanOf(inFlight);
  return {
    kind: "chart",
    type: "lines",
    title: "Open sessions, users, operations in flight",
    says: sentences(
      peak === null
        ? "nobody counted sessions and users in this run"
        : `up to ${countText(Math.round(peak.value))} open sessions, first ${whenText(peak)}`,
      mean === null ? null : `${mean.toFixed(mean < 10 ? 1 : 0)} operations were in flight on average`,
    ),
    x: { ...TIME, values: slots.beginnings },
    y: { label: "number", unit: "count" },
    series: [
      { name: "sessions", values: sessions.map(rounded) },
      { name: "users", values: users.map(rounded), line: "dashed" },
      { name: "in flight", values: inFlight.map(rounded) },
    ],
  };
};

const throughputChart = ({ slots, timeline }: OverTime, seconds: number): Lines[] => {
  const ended = perSecond(timeline.ended, timeline.rows);
  const failed = perSecond(timeline.failed, timeline.rows);
  const peak = peakOf(ended, slots);
  const all = sumOf(timeline.ended);
  if (peak === null || all === 0) return [];
  return [
    {
      kind: "chart",
      type: "lines",
      title: "Operations that ended, per second",
      says: sentences(
        `${countText(all)} operations, ${(all / seconds).toFixed(1)} a second on average, at most ${peak.value} a second ${whenText(peak)}`,
        sumOf(timeline.failed) === 0 ? "none failed" : `${percentText(sumOf(timeline.failed), all)} failed`,
      ),
      x: { ...TIME, values: slots.beginnings },
      y: { label: "operations", unit: "perSecond" },
      series: [
        { name: "ended", values: ended },
        ...(sumOf(timeline.failed) > 0 ? [{ name: "failed", values: failed, tone: "bad" as const }] : []),
      ],
    },
  ];
};

const serversChart = ({ slots, timeline }: OverTime): Lines[] => {
  const servers = [...timeline.sessionsByServer].slice(0, MOST_SERVERS);
  if (servers.length < 2) return [];
  const peaks = servers.flatMap(([server, column]) => {
    const peak = peakOf(column, slots);
    return peak === null ? [] : `${server} ${countText(Math.round(peak.value))}`;
  });
  return [
    {
      kind: "chart",
      type: "lines",
      title: "Open sessions by server",
      says: sentences(`most at once: ${peaks.join(", ")}`),
      x: { ...TIME, values: slots.beginnings },
      y: { label: "open sessions", unit: "count" },
      series: servers.map(([server, column]) => ({ name: server, values: column.map(rounded) })),
    },
  ];
};

const arrivalsChart = ({ slots, timeline: { arrivals, rows } }: OverTime): Lines[] => {
  if (arrivals === null) return [];
  const { begun, dropped } = arrivals;
  const planned = begun.map((count, slot) => count + (dropped[slot] ?? 0));
  const lost = perSecond(dropped, rows);
  const peak = peakOf(lost, slots);
  const all = sumOf(planned);
  return [
    {
      kind: "chart",
      type: "lines",
      title: "Planned starts, per second",
      says: sentences(
        `${countText(all)} starts were planned and ${countText(sumOf(begun))} began`,
        sumOf(dropped) === 0
          ? "none was dropped"
          : `${countText(sumOf(dropped))} (${percentText(sumOf(dropped), all)}) found no free user and were dropped`,
        peak === null || peak.value === 0 ? null : `most were dropped ${whenText(peak)}: ${peak.value} a second`,
      ),
      x: { ...TIME, values: slots.beginnings },
      y: { label: "starts", unit: "perSecond" },
      series: [
        { name: "planned", values: perSecond(planned, rows), line: "dashed" },
        { name: "begun", values: perSecond(begun, rows) },
        { name: "dropped", values: lost, tone: "bad" },
      ],
    },
  ];
};

/** Bursts and gaps upon what they did to the times. */
const overlay = ({ slots, timeline, latency }: OverTime): Lines | null => {
  const p95 = latency.all.map((times) => (times.count === 0 ? null : rounded(times.percentileMs(95))));
  const peak = peakOf(p95, slots);
  if (peak === null) return null;
  const sessions = timeline.gauges.sessions[Math.floor(peak.second / slots.widthSeconds)] ?? null;
  return {
    kind: "chart",
    type: "lines",
    title: "Sessions of the shape, and the p95 below them",
    says: sentences(
      `the p95 was highest, ${msText(peak.value)} ms, ${whenText(peak)}${sessions === null ? "" : `, with ${countText(Math.round(sessions))} sessions open`}`,
    ),
    x: { ...TIME, values: slots.beginnings },
    y: { label: "open sessions", unit: "count" },
    series: [
      { name: "sessions", values: timeline.gauges.sessions.map(rounded), line: "steps" },
      { name: "p95", values: p95, right: { label: "p95", unit: "ms" } },
    ],
  };
};

/** Of the most sessions. */
const LEVELS = [
  { name: "full (90% of the most sessions, and more)", least: 0.9 },
  { name: "between", least: 0.25 },
  { name: "idle (less than a quarter)", least: Number.NEGATIVE_INFINITY },
] as const;

/** What the times were at full load and in the gaps, from all the calls of each. */
const levelsTable = ({ slots, timeline, latency }: OverTime, kind: AwaitedText): Table | null => {
  const { sessions } = timeline.gauges;
  const most = peakOf(sessions, slots)?.value ?? 0;
  if (most === 0) return null;
  const rows = LEVELS.map(({ name, least }, level) => {
    const above = LEVELS[level - 1]?.least ?? Number.POSITIVE_INFINITY;
    const isOf = (value: number | null): boolean => value !== null && value / most >= least && value / most < above;
    return { name, ...levelOf(sessions, isOf, timeline, latency.all) };
  }).filter(({ seconds }) => seconds > 0);
  return {
    kind: "table",
    caption: `By level of load: all servers, ${kind} of ok answers in milliseconds`,
    columns: [
      { title: "load" },
      ...["seconds", "operations", "per second", "failed", "p50", "p95", "p99"].map((title) => ({
        title,
        align: "number" as const,
      })),
    ],
    rows: rows.map(({ name, seconds, ended, failed, times }) => [
      name,
      { text: countText(seconds), sort: seconds },
      { text: countText(ended), sort: ended },
      (ended / seconds).toFixed(1),
      percentText(failed, ended),
      ...[50, 95, 99].map((each) => (times.count === 0 ? "-" : msText(times.percentileMs(each)))),
    ]),
  };
};

const levelOf = (
  sessions: Column,
  isOf: (value: number | null) => boolean,
  { rows, ended, failed }: OverTime["timeline"],
  slotTimes: readonly Times[],
) => {
  const times = new Times();
  const sums = { seconds: 0, ended: 0, failed: 0 };
  for (const [slot, value] of sessions.entries()) {
    if (!isOf(value)) continue;
    sums.seconds += rows[slot] ?? 0;
    sums.ended += ended[slot] ?? 0;
    sums.failed += failed[slot] ?? 0;
    const each = slotTimes[slot];
    if (each !== undefined) times.add(each);
  }
  return { ...sums, times };
};
