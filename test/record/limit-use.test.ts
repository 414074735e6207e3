import { expect, test } from "vitest";
import { limitsSet, limitUses } from "../../record/limit-use.ts";
import { Recording } from "../../record/recording.ts";
import type { Sample } from "../../record/sample.ts";
import { sample } from "./samples.ts";

const callsOf = (samples: readonly Partial<Sample>[]) => {
  const recording = new Recording();
  for (const each of samples) recording.record(sample(each));
  return Object.entries(recording.totals().operations).map(([name]) => {
    const mine = samples.filter((each) => (each.name ?? sample().name) === name);
    const failures = mine.filter(({ outcome = "ok" }) => outcome !== "ok").length;
    const ok = { count: mine.length - failures, times: { service: recording.times(name, "ok", "service").summary() } };
    const cancelled = mine.filter(({ outcome }) => outcome === "cancelled").length;
    const outcomes = { ...(ok.count > 0 && { ok }), cancelled: { count: cancelled, times: {} } };
    return [name, { count: mine.length, failures, bytesIn: 0, bytesOut: 0, outcomes, all: {} }] as const;
  });
};

test("each limit says how much of it was used, a percentile by the slowest operation", () => {
  const calls = callsOf([{ name: "quick", serviceMs: 20 }, ...Array.from({ length: 3 }, () => ({ serviceMs: 500 }))]);
  const [p99, failures] = limitUses(calls, { p99Ms: 1000, errorPercent: 1 }, "service");
  expect(p99).toMatchObject({ limit: "p99Ms", operation: sample().name, answers: 3, used: 0.5, isBroken: false });
  expect(failures).toMatchObject({ limit: "errorPercent", failures: 0, count: 4, used: 0, isBroken: false });
});

test("without an ok answer there is no percentile, and what was cut off is no failure", () => {
  const calls = callsOf([{ outcome: "timeout" }, { outcome: "cancelled" }]);
  expect(limitUses(calls, null, "service")).toEqual([
    { limit: "errorPercent", allowedPercent: 1, failures: 1, count: 1, used: 100, isBroken: true },
  ]);
});

test("a failure where none is allowed is over the limit without bound", () => {
  const calls = callsOf([{}, { outcome: "timeout" }]);
  expect(limitUses(calls, { errorPercent: 0 }, "service")).toMatchObject([{ used: Infinity, isBroken: true }]);
  expect(limitUses(callsOf([{}]), { errorPercent: 0 }, "service")).toMatchObject([{ used: 0, isBroken: false }]);
});

test("where nothing ended of itself no limit is kept and none broken", () => {
  expect(limitUses(callsOf([{ outcome: "cancelled" }]), null, "service")).toEqual([]);
});

test("a limit of a record that is no number is none", () => {
  expect(limitsSet({ p95Ms: "400", p99Ms: 800, errorPercent: Number.NaN })).toEqual({ p99Ms: 800 });
  expect(limitsSet({ p99Ms: 0, errorPercent: 0 })).toEqual({ errorPercent: 0 });
  for (const none of [undefined, null, [], {}, "x", { p99Ms: {} }]) expect(limitsSet(none)).toBeNull();
});
