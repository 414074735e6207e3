import { expect, test } from "vitest";
import { durationWords } from "../../../auth/check/duration-words.ts";

test.each([
  [300, "300 ms"],
  [1000, "1 s"],
  [119_400, "119 s"],
  [120_000, "2 min"],
  [3_600_000, "60 min"],
  [12_000_000, "3 h 20 min"],
  [14 * 86_400_000, "14 days"],
])("%d ms are %s", (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});
