import { expect, test } from "vitest";
import { burnsOf } from "../../record/budget-burn.ts";
import type { Limits } from "../../record/limit-use.ts";
import { loadRecording, type RunRecord } from "../../record/read-run.ts";
import { many, writtenRun } from "./written-run.ts";

const burns = (record: RunRecord, limits: Limits | null) => {
  const { recording } = loadRecording(record);
  return burnsOf({ server: "learn", file: record.file, recording, limits, kind: "service" });
};

test("four slow calls in a hundred burn the budget of a p99 four times as fast as can be kept up", () => {
  const record = writtenRun([...many(96, { serviceMs: 100 }), ...many(4, { serviceMs: 900 })]);
  expect(burns(record, { p95Ms: 500, p99Ms: 500 })).toMatchObject([
    { limit: "p95Ms", budgetPercent: 5, of: 100, bad: 4, burn: 0.8 },
    { limit: "p99Ms", budgetPercent: 1, of: 100, bad: 4, burn: 4 },
  ]);
});

test("failures stand beside the share that is allowed, and what was cut off is none", () => {
  const failed = { outcome: "http-5xx", serviceMs: 3 } as const;
  const record = writtenRun([...many(98, {}), ...many(2, failed), ...many(50, { outcome: "cancelled" })]);
  expect(burns(record, { errorPercent: 4 })).toMatchObject([{ limit: "errorPercent", of: 100, bad: 2, burn: 0.5 }]);
  expect(burns(record, { errorPercent: 0 })).toMatchObject([{ burn: Number.POSITIVE_INFINITY }]);
});

test("a time in the bucket of the limit is the limit, and a server's budget is its own", () => {
  const record = writtenRun([{ serviceMs: 2_000 }, { name: "github:tools/call:get_me", serviceMs: 9_000 }]);
  expect(burns(record, { p99Ms: 2_000 })).toMatchObject([{ of: 1, bad: 0, burn: 0 }]);
});

test("without limits of its own our defaults are taken, and of nothing there is no budget", () => {
  expect(burns(writtenRun([{}]), null).map(({ limit, allowed }) => [limit, allowed])).toEqual([
    ["errorPercent", 1],
    ["p99Ms", 5_000],
  ]);
  expect(burns(writtenRun([]), null)).toEqual([]);
});
