/** How sure a percentile is, in words. ASCII only. */
import { countText, msText } from "./duration-text.ts";
import type { PercentileInterval } from "./percentile-interval.ts";
import { intervalsOfName } from "./percentile-intervals.ts";
import { CARRIES, percentileText } from "./percentile-text.ts";
import { awaitedKind, plannedServers } from "./planned-starts.ts";
import type { RunRecord } from "./read-run.ts";
import { printable, shortened } from "./text-table.ts";

/** `between 640 and 1,100 ms`, `above 640 ms`, `below 40 ms`; empty where the sample says nothing. */
export const intervalText = ({ lowMs, highMs }: PercentileInterval): string => {
  if (lowMs !== null && highMs !== null) return `between ${msText(lowMs)} and ${msText(highMs)} ms`;
  if (lowMs !== null) return `above ${msText(lowMs)} ms`;
  return highMs === null ? "" : `below ${msText(highMs)} ms`;
};

const LONGEST_NAME = 48;

/**
 * Of the name with the most ok answers: the others are less sure.
 * @returns empty when none has enough answers for a p99
 */
export const surestText = (record: RunRecord): string => {
  const { file } = record;
  const planned = plannedServers(file);
  const [most] = Object.entries(file.operations)
    .flatMap(([name, { outcomes }]) => {
      const kind = awaitedKind(name, planned);
      const times = outcomes.ok?.times[kind];
      return times === undefined || times.count < CARRIES.p99Ms ? [] : [{ name, kind, times }];
    })
    .sort((a, b) => b.times.count - a.times.count);
  if (most === undefined) return "";
  const interval = intervalsOfName(record, most.name, most.kind);
  const range = interval === null ? "" : intervalText(interval.p99Ms);
  if (range === "") return "";
  const kind = most.kind === "service" ? "" : " (response time)";
  const name = shortened(printable(most.name), LONGEST_NAME);
  return `p99 of ${name}${kind} ${percentileText(most.times, "p99Ms")} ms, ${range} (95%, ${countText(most.times.count)} answers)`;
};
