import { expect, test } from "vitest";
import { parseDuration } from "../../config/duration.ts";

test.each([
  ["250ms", 250],
  ["10s", 10_000],
  ["1.5s", 1500],
  ["2m", 120_000],
  ["12h", 43_200_000],
  ["0s", 0],
])("%s is %d ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(["10", "s", "10 s", "-1s", "1d", "1e3s", "1.5.2s", " 1s", "1s\n", "9999999999s", ""])(
  "%j is not a time",
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);
