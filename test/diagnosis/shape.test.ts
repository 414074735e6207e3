import { expect, test } from "vitest";
import { diagnose } from "../../diagnosis/diagnose.ts";
import { shapesOf } from "../../diagnosis/shape.ts";
import type { RunRecord } from "../../record/read-run.ts";
import { many, type WrittenRun, writtenRun } from "../record/written-run.ts";
import { forget, simulated } from "./simulated-run.ts";

const shapes = (record: RunRecord) => shapesOf(record, []).map(({ shape, evidence }) => [shape, evidence]);

test("a p95 that people notice beside a p50 that they do not is a long tail", () => {
  const record = writtenRun([...many(90, { serviceMs: 50 }), ...many(10, { serviceMs: 900 })]);
  expect(shapes(record)).toEqual([["long-tail", "search has a p95 of 900 ms beside a p50 of 50 ms"]]);
});

test("slow calls that are few, or slow all along, are no long tail", () => {
  expect(shapes(writtenRun([...many(40, { serviceMs: 50 }), ...many(5, { serviceMs: 900 })]))).toEqual([]);
  expect(shapes(writtenRun([...many(90, { serviceMs: 500 }), ...many(10, { serviceMs: 9_000 })]))).toEqual([]);
});

const failing = { outcome: "tool-error", serviceMs: 5 } as const;

test("failures that come with the load are told with both loads", () => {
  const quiet = many(40, { underWay: 1 });
  const busy = [...many(20, { underWay: 12 }), ...many(20, { underWay: 12, ...failing })];
  expect(shapes(writtenRun([...quiet, ...busy]))).toEqual([
    ["errors-under-load", "50% of the calls failed with 12 under way, 0% with 1"],
  ]);
});

test("failures that come at any load say nothing about it", () => {
  const each = (underWay: number) => [...many(20, { underWay }), ...many(20, { underWay, ...failing })];
  expect(shapes(writtenRun([...each(1), ...each(12)]))).toEqual([]);
});

/** A call each second, whose time may follow the minute. */
const minutes = (serviceMs: (minute: number) => number, run: WrittenRun = {}): RunRecord =>
  writtenRun(
    Array.from({ length: 420 }, (_, second) => ({
      endMs: second * 1000 + 500,
      serviceMs: serviceMs(Math.floor(second / 60)) + (second % 7),
    })),
    { seconds: 420, ...run },
  );

test("times that rise from minute to minute at the same load grow", () => {
  expect(shapes(minutes((minute) => 50 + 20 * minute))).toMatchObject([
    [
      "grows",
      expect.stringMatching(/^p50 of search rose by 1[12]\d ms in 7 minutes of the same load, around 11\d ms$/),
    ],
  ]);
  expect(shapes(minutes(() => 50))).toEqual([]);
});

test("a saturated generator's times have no shape of the server's", () => {
  const tail = [...many(90, { serviceMs: 50 }), ...many(10, { serviceMs: 900 })];
  expect(shapes(writtenRun(tail, { gauges: { locustCpu: 1 } }))).toEqual([]);
});

test("where a fault has a name, its server has no weaker hint, and a healthy one has none at all", () => {
  const tools = [{ name: "search", weight: 1, p50Ms: 20, p90Ms: 35 }];
  const record = simulated({ seed: 3, seconds: 6, users: 8, spawnRate: 4, thinkMs: 50, tools });
  expect(shapesOf(record, diagnose(record))).toEqual([]);
  forget(record);
  const tail = writtenRun([...many(90, { serviceMs: 50 }), ...many(10, { serviceMs: 900 })]);
  expect(shapesOf(tail, [{ fault: "cold-start", server: "learn", evidence: "" }])).toEqual([]);
});
