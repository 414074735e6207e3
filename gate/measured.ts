/** What a run record says to a criterion's question: one number, over all outcomes, as Azure has it; failures are among the times. */

import { bucketOf, ceilingOf, floorOf } from "../record/buckets.ts";
import type { Kind } from "../record/latency-log.ts";
import { loadRecording, type RunRecord } from "../record/read-run.ts";
import type { OperationRecord } from "../record/run-file.ts";
import { sectionOf } from "../record/section.ts";
import { Times, toUs } from "../record/times.ts";
import type { Aggregate, Criterion, Metric } from "./criterion.ts";

/** Kind of time that a metric is about. */
const KIND_OF_METRIC = { response_time_ms: "service", latency: "first-event" } as const satisfies Partial<
  Record<Metric, Kind>
>;

type TimeAggregate = Exclude<Aggregate, "count" | "percentage">;

/** Of a histogram that holds something, in milliseconds. */
const OF_TIMES = {
  avg: (times) => times.summary().sumMs / times.count,
  min: (times) => times.summary().minMs,
  max: (times) => times.summary().maxMs,
  p50: (times) => times.percentileMs(50),
  p75: (times) => times.percentileMs(75),
  p90: (times) => times.percentileMs(90),
  p95: (times) => times.percentileMs(95),
  p96: (times) => times.percentileMs(96),
  p97: (times) => times.percentileMs(97),
  p98: (times) => times.percentileMs(98),
  p99: (times) => times.percentileMs(99),
  "p99.9": (times) => times.percentileMs(99.9),
  "p99.99": (times) => times.percentileMs(99.99),
} as const satisfies Record<TimeAggregate, (times: Times) => number>;

const EXACT: ReadonlySet<Aggregate> = new Set<TimeAggregate>(["avg", "min", "max"]);

/**
 * Which of the values of its bucket a percentile is, nobody knows: a limit among them is equal to it. Without this, calls of
 * 2000 ms would break `> 2000`, since the largest value of their bucket is 2000.895 ms.
 */
const evenWith = (limitMs: number, percentileMs: number): number => {
  const bucket = bucketOf(toUs(percentileMs));
  return limitMs >= floorOf(bucket) / 1000 && limitMs <= ceilingOf(bucket) / 1000 ? limitMs : percentileMs;
};

interface Counted {
  readonly count: number;
  readonly failures: number;
  readonly seconds: number;
}

/** Of at least one operation. */
const OF_COUNTS = {
  requests: ({ count }) => count,
  requests_per_sec: ({ count, seconds }) => (seconds > 0 ? count / seconds : null),
  error: ({ count, failures }) => (100 * failures) / count,
  success: ({ count, failures }) => (100 * (count - failures)) / count,
} as const satisfies Record<Exclude<Metric, keyof typeof KIND_OF_METRIC>, (counted: Counted) => number | null>;

/** A number, or one sentence why there is none. */
export type Answer = { readonly value: number } | { readonly why: string };

export class Measured {
  readonly #record: RunRecord;
  #times: Map<string, Times> | null = null;

  constructor(record: RunRecord) {
    this.#record = record;
  }

  /** A percentile in the same bucket as the criterion's limit is this limit. */
  answer(criterion: Criterion): Answer {
    const { metric, request } = criterion;
    const operations = this.#operations(request);
    const count = operations.reduce((sum, each) => sum + each.count, 0);
    if (count === 0) return { why: "no operation" };
    if (metric === "response_time_ms" || metric === "latency") {
      return this.#timeAnswer(criterion, KIND_OF_METRIC[metric]);
    }
    const failures = operations.reduce((sum, each) => sum + each.failures, 0);
    const value = OF_COUNTS[metric]({ count, failures, seconds: secondsOf(this.#record) });
    return value === null ? { why: "the run took no time" } : { value };
  }

  /** Service times, all outcomes; of one name, or of all names together. Never changed by who reads them. */
  serviceTimes(request: string | null): Times {
    return this.#timesOf("service", request);
  }

  #timeAnswer({ aggregate, request, value: limit }: Criterion, kind: Kind): Answer {
    const times = this.#timesOf(kind, request);
    const counted = this.#operations(request).reduce((sum, { all }) => sum + (all[kind]?.count ?? 0), 0);
    // The head knows how many there were: a percentile of a part would be no percentile.
    if (times.count !== counted) return { why: `only ${times.count} of ${counted} times can be read` };
    if (times.count === 0) return { why: "no times were taken" };
    const value = OF_TIMES[aggregate as TimeAggregate](times);
    return { value: EXACT.has(aggregate) ? value : evenWith(limit, value) };
  }

  #operations(request: string | null): readonly OperationRecord[] {
    const { operations } = this.#record.file;
    if (request === null) return Object.values(operations);
    const operation = Object.hasOwn(operations, request) ? operations[request] : undefined;
    return operation === undefined ? [] : [operation];
  }

  #timesOf(kind: Kind, request: string | null): Times {
    this.#times ??= loadedTimes(this.#record);
    return this.#times.get(keyOf(kind, request)) ?? new Times();
  }
}

/** From the start to the end, or to the last that is known of it. */
export const secondsOf = ({ file }: RunRecord): number =>
  (Date.parse(file.endedAt ?? file.updatedAt) - Date.parse(file.startedAt)) / 1000;

const KINDS: ReadonlySet<Kind> = new Set(Object.values(KIND_OF_METRIC));

const keyOf = (kind: Kind, request: string | null): string => JSON.stringify([kind, request]);

const loadedTimes = (record: RunRecord): Map<string, Times> => {
  const sums = new Map<string, Times>();
  for (const { name, kind, times } of loadRecording(record).recording.series()) {
    if (!KINDS.has(kind) || sectionOf(name) !== "operations") continue;
    for (const key of [keyOf(kind, name), keyOf(kind, null)]) {
      const sum = sums.get(key) ?? new Times();
      sums.set(key, sum);
      sum.add(times);
    }
  }
  return sums;
};
