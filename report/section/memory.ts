/** Memory over time: the servers', where it was read, with its growth by calls; and the load generator's own. */
import { countText } from "../../record/duration-text.ts";
import type { MemoryRecord } from "../../record/facts/server-memory.ts";
import { memoryGrowth } from "../../record/memory-growth.ts";
import { growthText, mbText } from "../../record/memory-lines.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Lines, Section } from "../document.ts";
import { peakOf, rounded, sentences, trendText, whenText } from "../over-time/column-facts.ts";

/** Pictures that are open at once. */
const MOST_SERVERS = 8;

export const memorySection = (context: ReportContext): Section | null => {
  const { facts } = context.record.file;
  const servers = Object.entries(facts.serverMemory ?? {}).filter(
    ([, { readings, failed }]) => readings.length + failed > 0,
  );
  const more = servers.length - MOST_SERVERS;
  const blocks = [
    ...servers.slice(0, MOST_SERVERS).flatMap(([server, memory]) => serverBlocks(context, server, memory)),
    ...(more > 0 ? [{ kind: "paragraph" as const, text: `And ${countText(more)} more servers, in run.json.` }] : []),
    ...bridgeChart(context),
  ];
  return blocks.length === 0 ? null : { id: "memory", title: "Memory over time", blocks };
};

const serverBlocks = (
  { record }: ReportContext,
  server: string,
  { from, readings, failed, why }: MemoryRecord,
): Block[] => {
  const lost: Block[] =
    failed === 0
      ? []
      : [
          {
            kind: "paragraph",
            tone: "warning",
            text: `${server}: ${countText(failed)} readings failed (${why ?? "no reason given"}).`,
          },
        ];
  if (readings.length === 0) return lost;
  const startMs = Date.parse(record.file.startedAt);
  const growth = memoryGrowth(record, server);
  const [first, last] = [readings[0]?.bytes ?? 0, readings.at(-1)?.bytes ?? 0];
  const chart: Lines = {
    kind: "chart",
    type: "lines",
    title: `Memory of ${server} (${from})`,
    says: sentences(
      `${mbText(first)} MB at the first of ${countText(readings.length)} readings, ${mbText(last)} MB at the last`,
      growth === null
        ? "no reading counts for a trend: they all came before the load was full"
        : `at full load: ${growthText(growth)}`,
    ),
    x: {
      label: "time since the start",
      unit: "seconds",
      values: readings.map(({ atMs }) => Math.max(0, Math.round((atMs - startMs) / 1000))),
    },
    y: { label: "memory", unit: "bytes" },
    series: [{ name: server, values: readings.map(({ bytes }) => bytes) }],
  };
  return [chart, ...lost];
};

const bridgeChart = (context: ReportContext): Lines[] => {
  const { slots, timeline } = context.overTime();
  const bytes = timeline.gauges.bridgeRssBytes;
  const peak = peakOf(bytes, slots);
  if (peak === null) return [];
  return [
    {
      kind: "chart",
      type: "lines",
      title: "Memory of the load generator (the bridge)",
      says: sentences(
        `at most ${mbText(peak.value)} MB, ${whenText(peak)}`,
        trendText(bytes, slots, (each) => `${mbText(each)} MB`),
      ),
      x: { label: "time since the start", unit: "seconds", values: slots.beginnings },
      y: { label: "memory", unit: "bytes" },
      series: [{ name: "bridge", values: bytes.map(rounded) }],
    },
  ];
};
