import { expect, test } from "vitest";
import { countText, durationText, msText, percentText } from "../../record/duration-text.ts";

test.each([
  [0.42, "0.42"],
  [8.34, "8.3"],
  [41.4, "41"],
  [1283.2, "1,283"],
])("%d ms reads %s", (ms, text) => {
  expect(msText(ms)).toBe(text);
});

test.each([
  [250, "250 ms"],
  [12_340, "12.3 s"],
  [59_960, "1 min 00 s"],
  [125_000, "2 min 05 s"],
  [4_800_000, "1 h 20 min"],
])("%d ms as a duration reads %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test.each([
  [0, 10, "0%"],
  [1, 100_000, "<0.1%"],
  [1, 66, "1.5%"],
  [1, 3, "33%"],
  [1, 0, "0%"],
])("%d of %d reads %s", (part, whole, text) => {
  expect(percentText(part, whole)).toBe(text);
});

test("thousands are set apart", () => {
  expect(countText(1234567)).toBe("1,234,567");
});
