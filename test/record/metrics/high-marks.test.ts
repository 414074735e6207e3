import { expect, test } from "vitest";
import { HighMarks } from "../../../record/metrics/high-marks.ts";
import type { MetricFamily } from "../../../record/metrics/metric-family.ts";
import { prometheusText } from "../../../record/metrics/prometheus-text.ts";
import { durationSnapshot, runMetrics } from "../../../record/metrics/run-metrics.ts";
import { Recording } from "../../../record/recording.ts";
import { SEARCH, sample } from "../samples.ts";

const told = (marks: HighMarks, recording: Recording): string => {
  const durations = durationSnapshot(recording, "ok");
  return prometheusText(marks.held(runMetrics({ totals: recording.totals(), durations, now: null })));
};
const valueIn = (text: string, series: string): number =>
  Number(
    text
      .split("\n")
      .find((line) => line.startsWith(series))
      ?.split(" ")
      .at(-1),
  );

test("a call that an expect turns into a failure makes no count that was told fall, nor go away", () => {
  const [marks, recording] = [new HighMarks(), new Recording()];
  const call = sample({ serviceMs: 5, responseMs: 6 });
  recording.record(call);
  const before = told(marks, recording);
  recording.move(call, "assertion");
  const after = told(marks, recording);
  recording.record(call);
  const later = told(marks, recording);
  const series = [
    `swarmbridge_operations_total{name="${SEARCH}",outcome="ok"}`,
    `swarmbridge_operations_total{name="${SEARCH}",outcome="assertion"}`,
    `swarmbridge_service_seconds_bucket{name="${SEARCH}",result="ok",le="0.005"}`,
    `swarmbridge_service_seconds_count{name="${SEARCH}",result="ok"}`,
    `swarmbridge_service_seconds_count{name="${SEARCH}",result="failed"}`,
  ];
  expect(series.map((each) => [before, after, later].map((text) => valueIn(text, each)))).toEqual([
    [1, 1, 1],
    [Number.NaN, 1, 1],
    [1, 1, 1],
    [1, 1, 1],
    [Number.NaN, 1, 1],
  ]);
});

test("a gauge may fall", () => {
  const marks = new HighMarks();
  const users = (value: number): MetricFamily[] => [
    { name: "swarmbridge_users", type: "gauge", help: "", samples: [{ labels: {}, value }] },
  ];
  marks.held(users(5));
  expect(marks.held(users(2))).toEqual(users(2));
});
