/**
 * Metric families in the Prometheus text format 0.0.4, for `/metrics` and for a file.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
import { printable } from "../text-table.ts";
import { addedCounts, BOUNDS_SECONDS } from "./duration-counts.ts";
import type { Labels, MetricFamily, SumFamily } from "./metric-family.ts";

export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Families without a value are left out: a HELP without a sample says nothing. */
export const prometheusText = (families: readonly MetricFamily[]): string =>
  families
    .filter(({ samples }) => samples.length > 0)
    .map((family) => {
      const help = family.help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
      return `# HELP ${family.name} ${help}\n# TYPE ${family.name} ${family.type}\n${linesOf(family).join("")}`;
    })
    .join("");

const linesOf = (family: MetricFamily): string[] => {
  switch (family.type) {
    case "histogram":
      return series(family.samples, addedCounts).flatMap(([labels, { counts, sumSeconds }]) => {
        let below = 0;
        const buckets = counts.map((count, at) => {
          below += count;
          return line(`${family.name}_bucket`, [...labels, `le="${BOUNDS_SECONDS[at] ?? "+Inf"}"`], below);
        });
        return [
          ...buckets,
          line(`${family.name}_sum`, labels, sumSeconds),
          line(`${family.name}_count`, labels, below),
        ];
      });
    case "summary":
      return series(family.samples, addedSums).flatMap(([labels, { count, sum }]) => [
        line(`${family.name}_sum`, labels, sum),
        line(`${family.name}_count`, labels, count),
      ]);
    default:
      return series(family.samples, (a, b) => a + b).map(([labels, value]) => line(family.name, labels, value));
  }
};

/** `name="learn:ping"`, one for each label. */
type Pairs = readonly string[];

/** Names that differ only in what cannot be printed are one here: a reader refuses all of a text with a series twice. */
const series = <Value>(
  samples: readonly { readonly labels: Labels; readonly value: Value }[],
  added: (a: Value, b: Value) => Value,
): [Pairs, Value][] => {
  const sums = new Map<string, [Pairs, Value]>();
  for (const { labels, value } of samples) {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    const key = pairs.join(",");
    const before = sums.get(key);
    sums.set(key, [pairs, before === undefined ? value : added(before[1], value)]);
  }
  return [...sums.values()];
};

type Sum = SumFamily["samples"][number]["value"];
const addedSums = (a: Sum, b: Sum): Sum => ({ count: a.count + b.count, sum: a.sum + b.sum });

const line = (name: string, pairs: Pairs, value: number): string =>
  `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}\n`;

/** Names come from servers. Readers differ on line ends other than `\n`: there are none. */
const escaped = (text: string): string =>
  printable(text.toWellFormed()).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
