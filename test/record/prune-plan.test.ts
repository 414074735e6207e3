import { expect, test } from "vitest";
import { type PruneRule, prunePlan } from "../../record/prune-plan.ts";
import type { ListedRun } from "../../record/run-list.ts";

const DAY_MS = 24 * 3_600_000;
const NOW_MS = 100 * DAY_MS;

const run = (name: string, ageDays: number, state: "complete" | "running" | "parts" = "complete"): ListedRun => ({
  dir: `/results/${name}`,
  name,
  startMs: NOW_MS - ageDays * DAY_MS,
  head: state === "parts" ? null : ({ id: name, state } as ListedRun["head"]),
});

const RUNS = [run("a", 40), run("b", 30), run("c", 20), run("d", 10)];

const goes = (rule: Partial<PruneRule>, runs = RUNS, touchedMs = 0, needed = new Map<string, string>()) =>
  prunePlan(
    runs,
    { keep: null, olderThanMs: null, ...rule },
    { nowMs: NOW_MS, needed, touchedMs: () => touchedMs },
  ).goes.map(({ name }) => name);

test("what is beyond the number and the age goes; either of them keeps a run", () => {
  expect(goes({ keep: 1 })).toEqual(["a", "b", "c"]);
  expect(goes({ keep: 9 })).toEqual([]);
  expect(goes({ olderThanMs: 25 * DAY_MS })).toEqual(["a", "b"]);
  expect(goes({ keep: 3, olderThanMs: 25 * DAY_MS })).toEqual(["a"]);
  expect(goes({ keep: 1, olderThanMs: 35 * DAY_MS })).toEqual(["a"]);
});

test("what is still written stays; what died long ago goes", () => {
  const open = [run("killed", 5, "running"), run("parts", 4, "parts"), run("new", 0)];
  expect(goes({ keep: 1 }, open, NOW_MS - 1000)).toEqual([]);
  expect(goes({ keep: 1 }, open, NOW_MS - DAY_MS)).toEqual(["killed", "parts"]);
});

test("what something else rests on stays, and it is said why", () => {
  const plan = prunePlan(
    RUNS,
    { keep: 1, olderThanMs: null },
    {
      nowMs: NOW_MS,
      needed: new Map([["b", "the baseline"]]),
      touchedMs: () => 0,
    },
  );
  expect(plan.goes.map(({ name }) => name)).toEqual(["a", "c"]);
  expect(plan.stays.map(({ run: { name }, why }) => [name, why])).toEqual([["b", "the baseline"]]);
});
