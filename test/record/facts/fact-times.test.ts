import { expect, test } from "vitest";
import { addFactTimes, factTimesOf } from "../../../record/facts/fact-times.ts";
import { Times } from "../../../record/times.ts";

const timesOf = (...us: readonly number[]): Times => {
  const times = new Times();
  for (const each of us) times.record(each);
  return times;
};

test("added times are exactly those of one who had seen all, also their sum and bounds", () => {
  const sum = timesOf(12_345, 99_999_999);
  addFactTimes(sum, factTimesOf(timesOf(3, 700_001)));
  expect(factTimesOf(sum)).toEqual(factTimesOf(timesOf(12_345, 99_999_999, 3, 700_001)));
});

test("adding nothing changes nothing", () => {
  const sum = timesOf(12_345);
  addFactTimes(sum, factTimesOf(new Times()));
  expect(factTimesOf(sum)).toEqual(factTimesOf(timesOf(12_345)));
});

test("of a damaged record the buckets are believed", () => {
  const sum = new Times();
  addFactTimes(sum, { ...factTimesOf(timesOf(1_000)), count: 7, maxMs: 9_999 });
  expect(factTimesOf(sum)).toMatchObject({ count: 1, maxMs: 1 });
});
