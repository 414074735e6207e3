import { expect, test } from "vitest";
import { BOUNDS_SECONDS } from "../../../record/metrics/duration-counts.ts";
import { prometheusText } from "../../../record/metrics/prometheus-text.ts";
import { durationSnapshot, runMetrics } from "../../../record/metrics/run-metrics.ts";
import { NO_TOTALS } from "../../../record/recorder.ts";
import { OTHER_NAMES, Recording } from "../../../record/recording.ts";
import { SEARCH, sample } from "../samples.ts";

const recorded = (): Recording => {
  const recording = new Recording();
  for (const serviceMs of [0.4, 10, 11, 400_000]) recording.record(sample({ serviceMs, responseMs: serviceMs + 1 }));
  recording.record(sample({ outcome: "timeout", serviceMs: 30, responseMs: 31 }));
  recording.record(sample({ outcome: "http-429", serviceMs: 3, responseMs: 4 }));
  recording.delivered(1.5);
  return recording;
};

const textOf = (recording: Recording): string => {
  const durations = durationSnapshot(recording, "strained");
  return prometheusText(runMetrics({ totals: recording.totals(), durations, now: null }));
};

test("a histogram adds up its classes, keeps good and failed calls apart, and has the exact sum", () => {
  const text = textOf(recorded());
  const service = (rest: string) => text.includes(`swarmbridge_service_seconds_${rest}\n`);
  expect(service(`bucket{name="${SEARCH}",result="ok",le="0.001"} 1`)).toBe(true);
  // 10 ms is not above 10 ms.
  expect(service(`bucket{name="${SEARCH}",result="ok",le="0.01"} 2`)).toBe(true);
  expect(service(`bucket{name="${SEARCH}",result="ok",le="0.02"} 3`)).toBe(true);
  expect(service(`bucket{name="${SEARCH}",result="ok",le="300"} 3`)).toBe(true);
  expect(service(`bucket{name="${SEARCH}",result="ok",le="+Inf"} 4`)).toBe(true);
  expect(service(`sum{name="${SEARCH}",result="ok"} 400.0214`)).toBe(true);
  expect(service(`count{name="${SEARCH}",result="failed"} 2`)).toBe(true);
  expect(text).toContain('swarmbridge_harness_delay_seconds_count{half="after"} 1\n');
  expect(text).toContain('swarmbridge_generator_level{level="strained"} 1\n');
  expect(text).toContain('swarmbridge_generator_level{level="ok"} 0\n');
});

test("classes ascend and never stand twice", () => {
  expect([...BOUNDS_SECONDS].sort((a, b) => a - b)).toEqual([...new Set(BOUNDS_SECONDS)]);
});

test("more names than a monitoring system should keep are one, in counts and times alike, and nothing is lost", () => {
  const recording = new Recording();
  for (let n = 0; n < 300; n++) recording.record(sample({ name: `learn:tools/call:t${n}`, serviceMs: 5 }));
  const families = runMetrics({
    totals: recording.totals(),
    durations: durationSnapshot(recording, "ok"),
    now: null,
  });
  for (const name of ["swarmbridge_operations_total", "swarmbridge_service_seconds"]) {
    const samples = families.find((family) => family.name === name)?.samples ?? [];
    expect(samples).toHaveLength(201);
    expect(samples.at(-1)?.labels.name).toBe(OTHER_NAMES);
  }
  const text = prometheusText(families);
  expect(text).toContain(`swarmbridge_operations_total{name="${OTHER_NAMES}",outcome="ok"} 100\n`);
  expect(text).toContain(`swarmbridge_service_seconds_count{name="${OTHER_NAMES}",result="ok"} 100\n`);
});

test("a name that would end its line or its quotes stays within them", () => {
  const name = 'learn:tools/call:a"} 1\nevil_total 7 \\ \u001b[2J\u2028b';
  const totals = { ...NO_TOTALS, operations: { [name]: { ok: 1 } } };
  const lines = prometheusText(runMetrics({ totals, durations: null, now: null })).split("\n");
  expect(lines.filter((line) => !line.startsWith("#"))).toEqual([
    'swarmbridge_operations_total{name="learn:tools/call:a\\"} 1 evil_total 7 \\\\  b",outcome="ok"} 1',
    "",
  ]);
});

test("names that differ only in what cannot be printed are one series, with nothing lost", () => {
  const recording = new Recording();
  for (const name of ["a:tools/call:p\u2028q", "a:tools/call:p q"]) recording.record(sample({ name, serviceMs: 5 }));
  const lines = textOf(recording)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const series = lines.map((line) => line.slice(0, line.lastIndexOf(" ")));
  expect(new Set(series).size).toBe(series.length);
  expect(lines).toContain('swarmbridge_operations_total{name="a:tools/call:p q",outcome="ok"} 2');
  expect(lines).toContain('swarmbridge_service_seconds_count{name="a:tools/call:p q",result="ok"} 2');
});

test("what is going on now stands beside, and what nobody has read is left out", () => {
  const now = { sessionsOpen: 3, operationsInFlight: 2, sessionsByServer: { learn: 3 }, locustCpu: null };
  const text = prometheusText(runMetrics({ totals: NO_TOTALS, durations: null, now }));
  expect(text).toContain("\nswarmbridge_sessions_open 3\n");
  expect(text).toContain('\nswarmbridge_server_sessions_open{server="learn"} 3\n');
  expect(text).not.toContain("locust_cpu");
});
