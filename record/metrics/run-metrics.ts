/**
 * The metrics of a run, live or from its record: one list, so that `/metrics`, the text file and OpenTelemetry have the same
 * names. docs/formats.md has the table of them.
 */

import type { GeneratorLevel } from "../generator-verdict.ts";
import { GENERATOR_LEVELS } from "../generator-verdict.ts";
import { HALVES, type Half } from "../latency-log.ts";
import { ownValue } from "../own-value.ts";
import type { Totals } from "../recorder.ts";
import { OTHER_NAMES, type Recording } from "../recording.ts";
import type { Gauges, Tally } from "../sample.ts";
import { authName, sectionOf } from "../section.ts";
import { addedCounts, type DurationCounts, durationCounts } from "./duration-counts.ts";
import type { DurationFamily, Labels, MetricFamily, NumberFamily } from "./metric-family.ts";

/** Further names are `(other names)`: a monitoring system keeps a series for each, for weeks. */
const MOST_NAMES = 200;

const TIMED = { service: "service", response: "response" } as const;
type Timed = keyof typeof TIMED;

/** The histograms of one name. */
interface NameDurations {
  readonly name: string;
  readonly result: "ok" | "failed";
  readonly kind: Timed;
  readonly durations: DurationCounts;
}

/** What only the histograms of a recording say. Plain data: it passes between threads. */
export interface DurationSnapshot {
  readonly operations: readonly NameDurations[];
  readonly harnessDelay: Readonly<Record<Half, DurationCounts>>;
  readonly generator: GeneratorLevel;
}

export const durationSnapshot = (recording: Recording, generator: GeneratorLevel): DurationSnapshot => {
  const sums = new Map<string, NameDurations>();
  for (const { name, outcome, kind, times } of recording.series()) {
    if (!(kind in TIMED) || times.count === 0 || sectionOf(name) !== "operations") continue;
    const part = { name, result: outcome === "ok" ? "ok" : "failed", kind: kind as Timed } as const;
    addTo(sums, { ...part, durations: durationCounts(times) });
  }
  return {
    operations: [...sums.values()],
    harnessDelay: {
      before: durationCounts(recording.half("before")),
      after: durationCounts(recording.half("after")),
    },
    generator,
  };
};

/** What a bridge is doing at this moment. */
export interface Now extends Partial<Gauges> {
  readonly sessionsOpen: number;
  readonly operationsInFlight: number;
}

export interface MetricsSource {
  readonly totals: Totals;
  /** Null where there is no recording. */
  readonly durations: DurationSnapshot | null;
  /** Null for a run that is over. */
  readonly now: Now | null;
}

export const runMetrics = ({ totals, durations, now }: MetricsSource): MetricFamily[] => [
  ...counted(totals),
  ...(durations === null ? [] : timed(totals, durations)),
  ...(now === null ? [] : gauges(now)),
];

const counted = (totals: Totals): MetricFamily[] => [
  tallied("operations_total", "Ended operations of the test run by name and outcome", totals.operations),
  tallied("auth_total", "Tokens, renewals and refused credentials by name and outcome", totals.auth),
  {
    name: "swarmbridge_auth_seconds",
    type: "summary",
    help: "How long tokens and renewals took",
    // A 401's time contains the token that was waited for: a sum over the names would have that twice.
    samples: Object.entries(totals.authTimes)
      .filter(([name]) => !name.endsWith(authName("", "401")))
      .map(([name, { count, sumMs }]) => ({ labels: { name }, value: { count, sum: sumMs / 1000 } })),
  },
  tallied("turns_total", "Ended turns, the calls between two think times, by name and outcome", totals.turns),
  tallied("arrivals_total", "Planned starts by name and outcome: begun (ok) or dropped", totals.arrivals),
  {
    name: "swarmbridge_hidden_requests_total",
    type: "counter",
    help: "HTTP requests that MCP made on its own",
    samples: Object.entries(bounded(totals.hidden)).map(([name, value]) => ({ labels: { name }, value })),
  },
];

const timed = (
  { operations }: Totals,
  { operations: series, harnessDelay, generator }: DurationSnapshot,
): MetricFamily[] => {
  const kept = firstNames(operations);
  const family = (kind: Timed, help: string): DurationFamily => {
    const sums = new Map<string, NameDurations>();
    for (const each of series) {
      if (each.kind === kind) addTo(sums, { ...each, name: kept.has(each.name) ? each.name : OTHER_NAMES });
    }
    const samples = Array.from(sums.values(), ({ name, result, durations }) => ({
      labels: { name, result },
      value: durations,
    }));
    return { name: `swarmbridge_${kind}_seconds`, type: "histogram", help, samples };
  };
  return [
    family("service", "Service time: request handed to the socket to last byte of its answer"),
    family("response", "Response time: intended start to the same end"),
    {
      name: "swarmbridge_harness_delay_seconds",
      type: "histogram",
      help: "What the harness itself added, before the request and after the answer",
      samples: HALVES.map((half) => ({ labels: { half }, value: harnessDelay[half] })),
    },
    {
      name: "swarmbridge_generator_level",
      type: "gauge",
      help: "1 at what is said of the machine that makes the load",
      samples: GENERATOR_LEVELS.map((level) => ({ labels: { level }, value: level === generator ? 1 : 0 })),
    },
  ];
};

const gauges = (now: Now): MetricFamily[] => {
  const gauge = (name: string, help: string, value: number | null | undefined): NumberFamily => ({
    name: `swarmbridge_${name}`,
    type: "gauge",
    help,
    samples: value === null || value === undefined ? [] : [{ labels: {}, value }],
  });
  const { eventLoopDelayP99Ms: lateMs } = now;
  return [
    gauge("sessions_open", "MCP sessions open now", now.sessionsOpen),
    {
      name: "swarmbridge_server_sessions_open",
      type: "gauge",
      help: "MCP sessions open now by server",
      samples: Object.entries(now.sessionsByServer ?? {}).map(([server, value]) => ({ labels: { server }, value })),
    },
    gauge("operations_under_way", "Operations under way now", now.operationsInFlight),
    gauge("users", "Locust users now", now.users),
    gauge("resident_bytes", "Memory of the bridge", now.bridgeRssBytes),
    gauge(
      "event_loop_delay_p99_seconds",
      "How late the bridge's event loop was in its last second",
      lateMs === undefined ? lateMs : lateMs / 1000,
    ),
    gauge("bridge_cpu_cores", "CPU that the bridge used in its last second", now.bridgeCpu),
    gauge("locust_cpu_cores", "CPU that its Locust process used in the last second", now.locustCpu),
  ];
};

const tallied = (name: string, help: string, tally: Tally): NumberFamily => {
  const kept = firstNames(tally);
  const sums = new Map<string, { labels: Labels; value: number }>();
  for (const [name, outcomes] of Object.entries(tally)) {
    const shown = kept.has(name) ? name : OTHER_NAMES;
    for (const [outcome, count] of Object.entries(outcomes)) {
      if (count <= 0) continue;
      const key = `${outcome} ${shown}`;
      sums.set(key, { labels: { name: shown, outcome }, value: (sums.get(key)?.value ?? 0) + count });
    }
  }
  return { name: `swarmbridge_${name}`, type: "counter", help, samples: [...sums.values()] };
};

/** The first, not the largest: a series must not go away while a run goes on. */
const firstNames = (values: Readonly<Record<string, unknown>>): ReadonlySet<string> =>
  new Set(Object.keys(values).slice(0, MOST_NAMES));

const bounded = (counts: Readonly<Record<string, number>>): Record<string, number> => {
  const kept = firstNames(counts);
  const sums: Record<string, number> = {};
  for (const [name, count] of Object.entries(counts)) {
    const shown = kept.has(name) ? name : OTHER_NAMES;
    sums[shown] = (ownValue(sums, shown) ?? 0) + count;
  }
  return sums;
};

const addTo = (sums: Map<string, NameDurations>, one: NameDurations): void => {
  const key = `${one.kind} ${one.result} ${one.name}`;
  const before = sums.get(key);
  sums.set(key, before === undefined ? one : { ...one, durations: addedCounts(before.durations, one.durations) });
};
