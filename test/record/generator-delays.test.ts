import { expect, test } from "vitest";
import { areDelays, DELAY_RULES, delayFindings } from "../../record/generator-delays.ts";
import type { RunFile } from "../../record/run-file.ts";
import { Times } from "../../record/times.ts";
import { many, writtenRun } from "./written-run.ts";

const { file } = writtenRun(many(100, { serviceMs: 20 }));

const lateBy = (delaysMs: readonly number[]): RunFile => {
  const late = new Times();
  for (const ms of delaysMs) late.record(ms * 1000);
  return { ...file, harnessDelay: { before: late.summary(), after: new Times().summary() } };
};

const levels = (delaysMs: readonly number[]): string[] => delayFindings(lateBy(delaysMs)).map(({ level }) => level);

/** The last ones late by more than any rule bears. */
const lateOnes = (count: number, late: number): number[] =>
  Array.from({ length: count }, (_, at) => (at < count - late ? 1 : 900));

test.each([
  [DELAY_RULES.strained.fewest - 1, 1, []],
  [DELAY_RULES.strained.fewest, 2, ["strained"]],
  [DELAY_RULES.saturated.fewest - 1, 19, []],
  [DELAY_RULES.saturated.fewest, 20, ["saturated"]],
])("of %d operations %d late ones are %o: a few are no percentile", (count, late, expected) => {
  expect(levels(lateOnes(count, late))).toEqual(expected);
});

test("a verdict of delays alone is told from one that a busy machine has part in", () => {
  const late = lateBy(lateOnes(200, 10));
  const sentences = delayFindings(late).map(({ sentence }) => sentence);
  expect(areDelays(late, sentences)).toBe(true);
  expect(areDelays(late, [...sentences, "Locust used 90% of its core"])).toBe(false);
  expect(areDelays(late, [])).toBe(false);
});
