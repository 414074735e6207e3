import { expect, test } from "vitest";
import { FailureSamples, LONGEST_DETAIL, MOST_GROUPS, SAMPLES_PER_GROUP } from "../../record/failure-samples.ts";
import { SEARCH } from "./samples.ts";

test("a group keeps a few different examples, cut to length", () => {
  const failures = new FailureSamples();
  for (let index = 0; index < 50; index++) {
    failures.add({ name: SEARCH, outcome: "timeout", detail: `${index} ${"x".repeat(LONGEST_DETAIL)}` });
  }
  const [group] = failures.groups();
  expect(group?.samples).toHaveLength(SAMPLES_PER_GROUP);
  expect(group?.samples.every((text) => text.length === LONGEST_DETAIL)).toBe(true);
});

test("the same example is kept once", () => {
  const failures = new FailureSamples();
  expect(failures.add({ name: SEARCH, outcome: "timeout", detail: "60 s" })).toBe(true);
  expect(failures.add({ name: SEARCH, outcome: "timeout", detail: "60 s" })).toBe(false);
});

test("the number of groups is bounded", () => {
  const failures = new FailureSamples();
  for (let index = 0; index < MOST_GROUPS + 9; index++) {
    failures.add({ name: `learn:tools/call:${index}`, outcome: "timeout", detail: "" });
  }
  expect(failures.groups()).toHaveLength(MOST_GROUPS);
});
