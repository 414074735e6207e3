/**
 * Metric families in the Prometheus text format 0.0.4, for `/metrics` and for a file.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
import { printable } from "../text-table.ts";
import { BOUNDS_SECONDS } from "./duration-counts.ts";
import type { Labels, MetricFamily } from "./metric-family.ts";

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
      return family.samples.flatMap(({ labels, value: { counts, sumSeconds } }) => {
        let below = 0;
        const buckets = counts.map((count, at) => {
          below += count;
          return line(`${family.name}_bucket`, { ...labels, le: String(BOUNDS_SECONDS[at] ?? "+Inf") }, below);
        });
        return [
          ...buckets,
          line(`${family.name}_sum`, labels, sumSeconds),
          line(`${family.name}_count`, labels, below),
        ];
      });
    case "summary":
      return family.samples.flatMap(({ labels, value: { count, sum } }) => [
        line(`${family.name}_sum`, labels, sum),
        line(`${family.name}_count`, labels, count),
      ]);
    default:
      return family.samples.map(({ labels, value }) => line(family.name, labels, value));
  }
};

const line = (name: string, labels: Labels, value: number): string => {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}\n`;
};

/** Names come from servers. Readers differ on line ends other than `\n`: there are none. */
const escaped = (text: string): string =>
  printable(text.toWellFormed()).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
