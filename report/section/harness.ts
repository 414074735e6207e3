/** Whether the load generator can be believed: its verdict, what it added to each call, how late and how busy it was over time. */
import { countText, msText } from "../../record/duration-text.ts";
import type { TimesSummary } from "../../record/times.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Lines, Section } from "../document.ts";
import { GENERATOR_TONES, generatorText } from "../generator-words.ts";
import { meanOf, peakOf, rounded, sentences, whenText } from "../over-time/column-facts.ts";
import type { OverTime } from "../over-time.ts";

export const harnessSection = (context: ReportContext): Section => {
  const { generator, record } = context;
  const { before, after } = record.file.harnessDelay;
  const measured: Block[] = [
    {
      kind: "facts",
      rows: [
        ["delay before sending", delayText(before)],
        ["delay after the answer", delayText(after)],
      ],
    },
    ...charts(context.overTime(), record.file.parts.length),
  ];
  return {
    id: "generator",
    title: "Load generator",
    blocks: [
      {
        kind: "paragraph",
        tone: GENERATOR_TONES[generator.level],
        text: [{ text: generator.level, style: "strong" }, `: ${generatorText(context)}.`],
      },
      ...(generator.reasons.length === 0 ? [] : [{ kind: "list" as const, items: generator.reasons }]),
      // What is fine is looked at by few.
      ...(generator.level === "ok"
        ? [{ kind: "details" as const, summary: "Its delays and its CPU", blocks: measured }]
        : measured),
    ],
  };
};

const delayText = ({ count, p50Ms, p99Ms, maxMs }: TimesSummary): string =>
  count === 0
    ? "not measured"
    : `p50 ${msText(p50Ms)}, p99 ${msText(p99Ms)}, at most ${msText(maxMs)} ms over ${countText(count)} operations; in no service time`;

const charts = (over: OverTime, parts: number): Block[] =>
  peakOf(over.timeline.gauges.bridgeCpu, over.slots) === null ? [] : [delayChart(over), cpuChart(over, parts)];

const TIME = { label: "time since the start", unit: "seconds" } as const;

const delayChart = ({ slots, timeline }: OverTime): Lines => {
  const { eventLoopDelayP99Ms, eventLoopDelayMaxMs, linkLagMs } = timeline.gauges;
  const peak = peakOf(eventLoopDelayP99Ms, slots);
  const longest = peakOf(eventLoopDelayMaxMs, slots);
  const lag = peakOf(linkLagMs, slots);
  return {
    kind: "chart",
    type: "lines",
    title: "How late the bridge's event loop was",
    says: sentences(
      peak === null ? null : `in the worst second its p99 was ${msText(peak.value)} ms, ${whenText(peak)}`,
      longest === null ? null : `the longest delay was ${msText(longest.value)} ms, ${whenText(longest)}`,
      lag === null ? null : `the link to Locust lagged by at most ${msText(lag.value)} ms`,
    ),
    x: { ...TIME, values: slots.beginnings },
    y: { label: "delay", unit: "ms" },
    series: [
      { name: "p99", values: eventLoopDelayP99Ms.map(rounded) },
      { name: "longest", values: eventLoopDelayMaxMs.map(rounded), line: "dashed" },
      ...(lag === null ? [] : [{ name: "link", values: linkLagMs.map(rounded) }]),
    ],
  };
};

/** The seconds of several processes hold their sum. */
const cpuChart = ({ slots, timeline }: OverTime, parts: number): Lines => {
  const { bridgeCpu, locustCpu } = timeline.gauges;
  const isSum = parts > 1;
  const together = isSum ? ", all of them together" : "";
  const said = ([name, column]: readonly [string, typeof bridgeCpu]): string | null => {
    const [peak, mean] = [peakOf(column, slots), meanOf(column)];
    if (peak === null || mean === null) return null;
    return `${name} used ${percent(mean)} of a core on average${together}, at most ${percent(peak.value)}, ${whenText(peak)}`;
  };
  return {
    kind: "chart",
    type: "lines",
    title: isSum
      ? `CPU of ${countText(parts)} pairs of processes, summed, in percent of one core`
      : "CPU of both processes, in percent of one core",
    says: sentences(
      said([isSum ? `${countText(parts)} bridges` : "the bridge", bridgeCpu]),
      said([isSum ? "their Locusts" : "Locust", locustCpu]),
    ),
    x: { ...TIME, values: slots.beginnings },
    y: { label: "of one core", unit: "percent" },
    series: [
      { name: "bridge", values: bridgeCpu.map((cores) => (cores === null ? null : rounded(cores * 100))) },
      { name: "Locust", values: locustCpu.map((cores) => (cores === null ? null : rounded(cores * 100))) },
    ],
  };
};

const percent = (cores: number): string => `${Math.round(cores * 100)}%`;
