/**
 * Counts as they are told to monitoring while a run goes on: never below what was told before. Where a failed `expect` moves a
 * call from one outcome to another a count of the run falls, and a reader would take that for a restart.
 */
import type { DurationCounts } from "./duration-counts.ts";
import type { Labels, MetricFamily } from "./metric-family.ts";

interface Sample<Value> {
  readonly labels: Labels;
  readonly value: Value;
}

/** The samples of each family, by their labels. */
type Told<Value> = Map<string, Map<string, Sample<Value>>>;

/** Of one run. */
export class HighMarks {
  readonly #counts: Told<number> = new Map();
  readonly #durations: Told<DurationCounts> = new Map();

  /** @returns the families, with each count and each class at the highest that it ever had; gauges as they are */
  held(families: readonly MetricFamily[]): MetricFamily[] {
    return families.map((family) => {
      if (family.type === "counter") {
        return { ...family, samples: highest(this.#counts, family.name, family.samples, Math.max) };
      }
      if (family.type === "histogram") {
        return { ...family, samples: highest(this.#durations, family.name, family.samples, highestCounts) };
      }
      return family;
    });
  }
}

/** Also what is no more: a series whose only call was moved must not go away and come back. */
const highest = <Value>(
  told: Told<Value>,
  family: string,
  samples: readonly Sample<Value>[],
  higher: (a: Value, b: Value) => Value,
): Sample<Value>[] => {
  const marks = told.get(family) ?? new Map<string, Sample<Value>>();
  told.set(family, marks);
  for (const { labels, value } of samples) {
    const key = JSON.stringify(labels);
    const before = marks.get(key);
    marks.set(key, { labels, value: before === undefined ? value : higher(before.value, value) });
  }
  return [...marks.values()];
};

const highestCounts = (a: DurationCounts, b: DurationCounts): DurationCounts => ({
  counts: a.counts.map((count, at) => Math.max(count, b.counts[at] ?? 0)),
  sumSeconds: Math.max(a.sumSeconds, b.sumSeconds),
});
