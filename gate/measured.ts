/** What a run record says to a criterion's question: one number, over all outcomes, as Azure has it; failures are among the times. */

import { bucketOf, ceilingOf, floorOf } from "../record/buckets.ts";
import type { Kind } from "../record/latency-log.ts";
import { recordingReader } from "../record/load-log.ts";
import { type LogQuestion, logAnswers } from "../record/log-answers.ts";
import { awaitedKind, plannedServers } from "../record/planned-starts.ts";
import type { RunRecord } from "../record/read-run.ts";
import { Recording } from "../record/recording.ts";
import type { OperationRecord } from "../record/run-file.ts";
import { type Section, sectionOf } from "../record/section.ts";
import { Times, toUs } from "../record/times.ts";
import type { Aggregate, Criterion, Metric } from "./criterion.ts";

/** Kind of time that a metric is about, of one name. */
const KIND_OF_METRIC = {
  response_time_ms: awaitedKind,
  latency: () => "first-event",
} as const satisfies Partial<Record<Metric, (name: string, planned: ReadonlySet<string>) => Kind>>;

type TimeMetric = keyof typeof KIND_OF_METRIC;

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
} as const satisfies Record<Exclude<Metric, TimeMetric>, (counted: Counted) => number | null>;

/** A number, or one sentence why there is none. */
export type Answer = { readonly value: number } | { readonly why: string };

/** Where nothing has the name that was asked for. */
const NOTHING = {
  operations: "no operation",
  auth: "no such event of auth",
  turns: "no turn",
  arrivals: "no planned start",
} as const satisfies Record<Section, string>;

type Named = readonly [name: string, operation: OperationRecord];

export class Measured {
  readonly #record: RunRecord;
  readonly #planned: ReadonlySet<string>;

  constructor(record: RunRecord) {
    this.#record = record;
    this.#planned = plannedServers(record.file);
  }

  /** A percentile in the same bucket as the criterion's limit is this limit. */
  answer(criterion: Criterion): Answer {
    const { metric, request } = criterion;
    const asked = this.#asked(request);
    const count = asked.reduce((sum, [, each]) => sum + each.count, 0);
    if (count === 0) return { why: NOTHING[request === null ? "operations" : sectionOf(request)] };
    if (metric === "response_time_ms" || metric === "latency") return this.#timeAnswer(criterion, metric);
    const failures = asked.reduce((sum, [, each]) => sum + each.failures, 0);
    const value = OF_COUNTS[metric]({ count, failures, seconds: secondsOf(this.#record) });
    return value === null ? { why: "the run took no time" } : { value };
  }

  /** Those of `response_time_ms`, all outcomes; of one name, or of all operations together. Never changed by who reads them. */
  responseTimes(request: string | null): Times {
    return this.#timesOf("response_time_ms", request);
  }

  #timeAnswer({ aggregate, request, value: limit }: Criterion, metric: TimeMetric): Answer {
    const times = this.#timesOf(metric, request);
    const counted = this.#asked(request).reduce(
      (sum, [name, { all }]) => sum + (all[KIND_OF_METRIC[metric](name, this.#planned)]?.count ?? 0),
      0,
    );
    // The head knows how many there were: a percentile of a part would be no percentile.
    if (times.count !== counted) return { why: `only ${times.count} of ${counted} times can be read` };
    if (times.count === 0) return { why: "no times were taken" };
    const value = OF_TIMES[aggregate as TimeAggregate](times);
    return { value: EXACT.has(aggregate) ? value : evenWith(limit, value) };
  }

  /** All together are the operations; a turn, a planned start or what auth did is asked for by its name alone. */
  #asked(request: string | null): readonly Named[] {
    const { file } = this.#record;
    if (request === null) return Object.entries(file.operations);
    const named = file[sectionOf(request)];
    const operation = Object.hasOwn(named, request) ? named[request] : undefined;
    return operation === undefined ? [] : [[request, operation]];
  }

  #timesOf(metric: TimeMetric, request: string | null): Times {
    return logAnswers.of(this.#record, TIMES_OF[metric]).get(request) ?? new Times();
  }
}

/** From the start to the end, or to the last that is known of it. 0 where a damaged head has the end before the start. */
export const secondsOf = ({ file }: RunRecord): number =>
  Math.max(0, Date.parse(file.endedAt ?? file.updatedAt) - Date.parse(file.startedAt)) / 1000;

/** By request, and under null those of all operations together. */
type TimesByRequest = ReadonlyMap<string | null, Times>;

const timesQuestion =
  (metric: TimeMetric): LogQuestion<TimesByRequest> =>
  ({ file }) => {
    const planned = plannedServers(file);
    const isAsked = (name: string, kind: Kind): boolean => KIND_OF_METRIC[metric](name, planned) === kind;
    const recording = new Recording();
    const reader = recordingReader(recording, (series) => "name" in series && isAsked(series.name, series.kind));
    const found = (): TimesByRequest => {
      recording.restore(file);
      const asked = [...recording.series()].filter(({ name, kind }) => isAsked(name, kind));
      const sums = new Map<string | null, Times>();
      for (const { name, times } of asked) {
        for (const request of sectionOf(name) === "operations" ? [name, null] : [name]) {
          const sum = sums.get(request) ?? new Times();
          sums.set(request, sum);
          sum.add(times);
        }
      }
      return sums;
    };
    return { ...reader, found };
  };

const TIMES_OF = {
  response_time_ms: timesQuestion("response_time_ms"),
  latency: timesQuestion("latency"),
} as const satisfies Record<TimeMetric, LogQuestion<TimesByRequest>>;

/** What a criterion for response times, and most of a verdict, asks of the log. */
export const RESPONSE_TIMES = TIMES_OF.response_time_ms;
