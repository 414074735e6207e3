/** Runs drawn upon each other: their percentiles, how their calls spread, how they went over time. */
import { msText } from "../../record/duration-text.ts";
import type { Chart } from "../document.ts";
import type { ComparedPicture } from "./compared-picture.ts";

/** More lines than these cannot be told apart. */
const MOST_RUNS = 8;

export const overlaidCharts = (pictures: readonly ComparedPicture[]): Chart[] => {
  const drawn = drawable(pictures).slice(0, MOST_RUNS);
  return drawn.length === 0 ? [] : [percentileBars(drawn), spreadLines(drawn), timeLines(drawn)];
};

/** Where the charts do not have all runs; else null. */
export const leftOutText = (pictures: readonly ComparedPicture[]): string | null => {
  const all = drawable(pictures).length;
  return all <= MOST_RUNS ? null : `${MOST_RUNS} of ${all} runs are drawn: the figures above are of all`;
};

/** A run without a good answer has no time. */
const drawable = (pictures: readonly ComparedPicture[]): ComparedPicture[] =>
  pictures.filter(({ times }) => times.count > 0);

const percentileBars = (pictures: readonly ComparedPicture[]): Chart => {
  const tops = pictures.map(({ times }) => times.summary());
  return {
    kind: "chart",
    type: "bars",
    title: "Percentiles by run",
    says: `All operations, good answers. ${pictures
      .map(({ id }, index) => {
        const { p50Ms = 0, p95Ms = 0, p99Ms = 0 } = tops[index] ?? {};
        return `${id}: p50 ${msText(p50Ms)}, p95 ${msText(p95Ms)}, p99 ${msText(p99Ms)} ms`;
      })
      .join("; ")}. A bar ends at p99; its parts end at p50 and p95.`,
    x: { label: "run", unit: "none", labels: pictures.map(({ id }) => id) },
    y: { label: "time", unit: "ms" },
    series: [
      { name: "up to p50", values: tops.map(({ p50Ms }) => p50Ms) },
      { name: "p50 to p95", values: tops.map(({ p50Ms, p95Ms }) => p95Ms - p50Ms) },
      { name: "p95 to p99", values: tops.map(({ p95Ms, p99Ms }) => p99Ms - p95Ms) },
    ],
  };
};

/** Steps of 15 %: narrow enough for the shape, wide enough for hundreds of calls. */
const STEP = 1.15;
/** Nothing of our own is quicker. */
const LEAST_MS = 0.1;

const spreadLines = (pictures: readonly ComparedPicture[]): Chart => {
  const longest = Math.max(...pictures.map(({ times }) => times.summary().maxMs), LEAST_MS);
  const steps = Math.ceil(Math.log(longest / LEAST_MS) / Math.log(STEP)) + 1;
  const shares = pictures.map(({ times }) => {
    const counts = new Array<number>(steps).fill(0);
    for (const [floorUs, count] of times.buckets()) {
      const step = Math.floor(Math.log(Math.max(LEAST_MS, floorUs / 1000) / LEAST_MS) / Math.log(STEP));
      counts[step] = (counts[step] ?? 0) + count;
    }
    return counts.map((count) => (100 * count) / times.count);
  });
  const first = shares.reduce(
    (least, each) =>
      Math.min(
        least,
        each.findIndex((share) => share > 0),
      ),
    steps,
  );
  return {
    kind: "chart",
    type: "lines",
    title: "How the calls spread",
    says: `Share of the good answers by how long they took, in steps of 15 %. Most of them took about ${shares
      .map(
        (each, index) => `${msText(LEAST_MS * STEP ** each.indexOf(Math.max(...each)))} ms in ${pictures[index]?.id}`,
      )
      .join(", ")}. A slower build lies further to the right.`,
    x: {
      label: "time",
      unit: "ms",
      scale: "log",
      values: Array.from({ length: steps - first }, (_, index) => LEAST_MS * STEP ** (first + index)),
    },
    y: { label: "share of calls", unit: "percent" },
    series: pictures.map(({ id }, index) => ({ name: id, values: (shares[index] ?? []).slice(first) })),
  };
};

/** Runs differ in length: the longest one's blocks are the axis, and each run is drawn at the block that a second lies in. */
const timeLines = (pictures: readonly ComparedPicture[]): Chart => {
  const lengths = pictures.map(({ blocks }) => blocks.reduce((sum, { seconds }) => sum + seconds, 0));
  const [longest] = pictures.toSorted((a, b) => b.blocks.length - a.blocks.length);
  const length = longest?.blocks[0]?.seconds ?? 1;
  const columns = Math.ceil(Math.max(...lengths) / length);
  const valueAt = ({ blocks }: ComparedPicture, column: number, percentile: number): number | null => {
    const own = blocks[0]?.seconds ?? 1;
    const times = blocks[Math.floor((column * length) / own)]?.times;
    return times === undefined || times.count === 0 ? null : times.percentileMs(percentile);
  };
  const seriesOf = (percentile: 50 | 95) =>
    pictures.map((picture) => ({
      name: `${picture.id} p${percentile}`,
      values: Array.from({ length: columns }, (_, column) => valueAt(picture, column, percentile)),
      ...(percentile === 50 ? { line: "line" as const } : { line: "dashed" as const, colourOf: `${picture.id} p50` }),
    }));
  const ninetyFifths = seriesOf(95);
  return {
    kind: "chart",
    type: "lines",
    title: "Over time",
    says: `p50 (whole line) and p95 (dashed) of all good answers, from the start of each run. p95 lay ${ninetyFifths
      .map(({ values }, index) => `${rangeText(values)} in ${pictures[index]?.id}`)
      .join(", ")}.`,
    x: { label: "since the start", unit: "seconds", values: Array.from({ length: columns }, (_, at) => at * length) },
    y: { label: "time", unit: "ms" },
    series: [...seriesOf(50), ...ninetyFifths],
  };
};

/** @param values of a run that is drawn: one of them is there */
const rangeText = (values: readonly (number | null)[]): string => {
  const there = values.filter((value) => value !== null);
  return `at ${msText(Math.min(...there))} to ${msText(Math.max(...there))} ms`;
};
