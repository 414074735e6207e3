import { expect, test } from "vitest";
import { costDriversOf } from "../../../azure/plan/cost-drivers.ts";
import { trafficOf } from "../../../azure/plan/traffic.ts";
import { definition } from "./definition.ts";
import { recordHead } from "./record-head.ts";

test("hours are engines and users times the run time", () => {
  const cost = costDriversOf(definition({ engineInstances: 4 }), null);
  expect(cost).toEqual({ engineHours: 2, virtualUserHours: 50, data: null });
});

test("data is what a local run measured, for each user and second", () => {
  const head = recordHead({
    users: 10,
    seconds: 100,
    operations: { "mine:initialize": [1_000, 100], "mine:tools/call:search": [9_000, 900] },
  });
  const { data } = costDriversOf(definition(), trafficOf(head));
  // 10 bytes a user and second, of 100 users in 1800 s.
  expect(data).toEqual({ receivedBytes: 1_800_000, sentBytes: 180_000, measuredIn: head.id });
});

test("a run that was mostly its beginning measures no traffic", () => {
  expect(trafficOf(recordHead({ users: 10, seconds: 19, operations: {} }))).toBeNull();
  expect(trafficOf(recordHead({ users: 0, seconds: 100, operations: {} }))).toBeNull();
});
