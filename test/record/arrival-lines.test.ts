import { expect, test } from "vitest";
import { arrivalLines } from "../../record/arrival-lines.ts";
import { pageOf } from "../../record/page.ts";
import { Recording } from "../../record/recording.ts";
import type { RunFile } from "../../record/run-file.ts";
import type { Sample } from "../../record/sample.ts";
import { arrivalName } from "../../record/section.ts";
import { byServer } from "../../record/server-part.ts";
import { sample } from "./samples.ts";

const START = arrivalName("learn", "LearnUser");
const begun = (lateMs: number): Sample => sample({ name: START, serviceMs: lateMs, responseMs: lateMs });
const dropped: Sample = { name: START, outcome: "dropped", endMs: 1_000, bytesIn: 0, bytesOut: 0 };
const handshake = sample({ name: "learn:initialize", responseMs: 70 });

const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);

const linesOf = (samples: readonly Sample[], color = false): string[] => {
  const recording = new Recording();
  for (const each of samples) recording.record(each);
  const file = recording.toRunFile() as RunFile;
  const [learn] = byServer({ ...file, auth: {} });
  return learn === undefined ? [] : arrivalLines(learn, file, pageOf({ columns: 140, color }));
};

test("users that pace themselves have no line", () => {
  expect(linesOf(times(100, sample()))).toEqual([]);
});

test("starts are told with their lateness, and calls with the response time, which has the queue in it", () => {
  const samples = [...times(100, begun(1.5)), ...times(100, sample({ responseMs: 900 })), ...times(4, handshake)];
  expect(linesOf(samples)).toEqual([
    "  arrivals LearnUser: 100 planned, 100 begun (late p50 1.5, p99 1.5 ms), none dropped",
    "  response time of search: p50 900, p95 900, p99 900, max 900 ms",
  ]);
});

test("dropped starts are counted and stand out", () => {
  const [line] = linesOf([...times(30, begun(800)), ...times(10, dropped), sample()], true);
  expect(line).toContain("40 planned, 30 begun (late p50 800, p99 ~800 ms), 10 dropped (25%)");
  expect(line).toContain("\u001b[33m");
});

test("where sessions arrive the handshake has the queue", () => {
  const samples = [...times(3, begun(1)), ...times(3, handshake), ...times(3, sample())];
  expect(linesOf(samples)[1]).toBe("  response time of initialize: p50 70, p95 ~70, p99 ~70, max 70 ms");
});

test("a server all of whose starts were dropped is told, though it has no operation", () => {
  expect(linesOf(times(5, dropped))).toEqual(["  arrivals LearnUser: 5 planned, 0 begun, 5 dropped (100%)"]);
});
