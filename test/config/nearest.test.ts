import { expect, test } from "vitest";
import { nearest } from "../../config/nearest.ts";

const KEYS = ["url", "auth", "weight", "headers", "slo"];

test.each([
  ["wieght", "weight"],
  ["header", "headers"],
  ["URL", "url"],
  ["atuh", "auth"],
  ["weights", "weight"],
])("%s means %s", (typed, meant) => {
  expect(nearest(typed, KEYS)).toBe(meant);
});

test.each(["colour", "x", "", "abc", "w".repeat(1_000_000)])(
  "what is too far from every word means none (%#)",
  (typed) => {
    expect(nearest(typed, KEYS)).toBeNull();
  },
);
