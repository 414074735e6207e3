/** How long calls took over time: all of them as a heat map, their percentiles as lines with the limits across. */
import { countedText, countText, msText } from "../../record/duration-text.ts";
import { percentileText } from "../../record/percentile-text.ts";
import { Times } from "../../record/times.ts";
import { type AwaitedText, awaitedText } from "../awaited-text.ts";
import type { ReportContext } from "../context.ts";
import type { Block, HeatMap, Lines, Section } from "../document.ts";
import { hasOwnLimits, limitsOf } from "../limits-of.ts";
import { peakOf, rounded, sentences, trendText, whenText } from "../over-time/column-facts.ts";
import { LogRows } from "../over-time/log-rows.ts";
import type { TimeSlots } from "../over-time/time-slots.ts";
import type { Column } from "../over-time/timeline-columns.ts";
import { serverName } from "../server-name.ts";

/** Servers with a heat map of their own: each is most of what a picture weighs. */
const MOST_HEAT_MAPS = 6;

export const latencySection = (context: ReportContext): Section | null => {
  const { slots, latency } = context.overTime();
  const servers = [...latency.byServer].filter(([, { slots: times }]) => times.some(({ count }) => count > 0));
  const [first] = servers;
  if (first === undefined) return null;
  const ofAll: Pictured = {
    name: servers.length === 1 ? first[0] : "all servers",
    kind: servers.length === 1 ? TEXTS[first[1].kind] : awaitedText(context.record.file),
    times: latency.all,
    limits: servers.length === 1 ? limitLinesOf(context, first[0]) : [],
  };
  const pictures: Block[] = [heatMap(ofAll, slots), percentileLines(ofAll, slots)];
  const others = servers.length === 1 ? [] : servers;
  return {
    id: "latency",
    title: "Latency over time",
    blocks: [
      {
        kind: "paragraph",
        text: explanation(
          slots,
          servers.some(([, { kind }]) => kind === "response"),
        ),
      },
      ...pictures,
      ...others.map(([server, { kind, slots: times }], index): Block => {
        const one: Pictured = {
          name: server,
          kind: TEXTS[kind],
          times,
          limits: limitLinesOf(context, server),
        };
        const lines = percentileLines(one, slots);
        const blocks = index < MOST_HEAT_MAPS ? [lines, heatMap(one, slots)] : [lines];
        return { kind: "details", summary: serverName(server), blocks };
      }),
    ],
  };
};

const TEXTS = { service: "service time", response: "response time" } as const satisfies Record<string, AwaitedText>;

const explanation = (slots: TimeSlots, isPlanned: boolean): string => {
  const each = slots.widthSeconds === 1 ? "one second" : `${countText(slots.widthSeconds)} seconds`;
  const kind = isPlanned ? " Where starts were planned it is the response time, from the planned start." : "";
  return `Service times of tool calls that were answered well; of a server without any, of all but handshakes and ends of sessions.${kind} One point is ${each}, and its percentiles are those of all the calls in it: with fewer than 100 calls in a point its p99 is little else than the slowest. ~ marks what too few answers carry.`;
};

interface Pictured {
  readonly name: string;
  readonly kind: AwaitedText;
  readonly times: readonly Times[];
  readonly limits: NonNullable<Lines["limits"]>;
}

const KEYS = { p50: 50, p95: 95, p99: 99 } as const;
const LIMIT_NAMES = { p95Ms: "p95", p99Ms: "p99" } as const;

const limitLinesOf = ({ record: { file } }: ReportContext, server: string): Lines["limits"] & object => {
  const limits = limitsOf(file, server);
  const whose = hasOwnLimits(file, server) ? "limit" : "our limit";
  return (["p95Ms", "p99Ms"] as const).flatMap((key) => {
    const at = limits[key];
    return at === undefined ? [] : { name: `${whose} of ${LIMIT_NAMES[key]}`, at, tone: "bad" as const };
  });
};

const percentileLines = ({ name, kind, times, limits }: Pictured, slots: TimeSlots): Lines => {
  const of = (percentile: number): Column =>
    times.map((each) => (each.count === 0 ? null : each.percentileMs(percentile)));
  const columns = { p50: of(KEYS.p50), p95: of(KEYS.p95), p99: of(KEYS.p99) };
  return {
    kind: "chart",
    type: "lines",
    title: `Percentiles of the ${kind}, ${serverName(name)}`,
    says: percentilesSay(times, columns.p95, slots, limits),
    x: { label: "time since the start", unit: "seconds", values: slots.beginnings },
    y: { label: kind, unit: "ms", scale: "log" },
    series: [
      { name: "p50", values: columns.p50.map(rounded) },
      { name: "p95", values: columns.p95.map(rounded), fillTo: "p50" },
      { name: "p99", values: columns.p99.map(rounded), fillTo: "p95" },
    ],
    ...(limits.length > 0 && { limits }),
  };
};

const percentilesSay = (times: readonly Times[], p95: Column, slots: TimeSlots, limits: Pictured["limits"]): string => {
  const whole = joined(times).summary();
  const peak = peakOf(p95, slots);
  const trend = trendText(p95, slots, (ms) => `${msText(ms)} ms`);
  const over = limits
    .filter(({ name }) => name.endsWith("p95"))
    .map(({ at }) => `it lay above its limit of ${msText(at)} ms in ${shareText(p95, at)} points`);
  return sentences(
    `${countedText(whole.count, "answer")}: p50 ${percentileText(whole, "p50Ms")}, p95 ${percentileText(whole, "p95Ms")}, p99 ${percentileText(whole, "p99Ms")} ms`,
    peak === null ? null : `the p95 was highest, ${msText(peak.value)} ms, ${whenText(peak)}`,
    ...over,
    trend,
  );
};

const shareText = (column: Column, above: number): string => {
  const values = column.filter((value) => value !== null);
  return `${countText(values.filter((value) => value > above).length)} of ${countText(values.length)}`;
};

const joined = (times: readonly Times[]): Times => {
  const whole = new Times();
  for (const each of times) whole.add(each);
  return whole;
};

const heatMap = ({ name, kind, times }: Pictured, slots: TimeSlots): HeatMap => {
  const whole = joined(times);
  const rows = new LogRows([whole]);
  const counts = rows.counts(whole);
  const densest = counts.indexOf(Math.max(...counts));
  const slowest = peakOf(
    times.map((each) => (each.count === 0 ? null : each.maxUs / 1000)),
    slots,
  );
  const from = rows.beginningsMs[densest] ?? 0;
  const to = rows.beginningsMs[densest + 1];
  return {
    kind: "chart",
    type: "heat",
    title: `Every answer by ${kind}, ${serverName(name)}`,
    says: sentences(
      `${countedText(whole.count, "answer")}; the densest band is from ${msText(from)} to ${msText(to ?? whole.maxUs / 1000)} ms`,
      slowest === null ? null : `the slowest took ${msText(slowest.value)} ms, ${whenText(slowest)}`,
    ),
    x: { label: "time since the start", unit: "seconds", values: slots.beginnings },
    y: { label: kind, unit: "ms", scale: "log", values: rows.beginningsMs },
    counts: times.map((each) => rows.counts(each)),
  };
};
