import { expect, test } from "vitest";
import { readingLine } from "../../../report/page/reading-line.ts";

test("one reads in the upper part of a window, until the end of the page comes into sight", () => {
  expect(readingLine({ height: 800, above: 900, below: 5000 })).toBe(200);
  expect(readingLine({ height: 800, above: 900, below: 800 })).toBe(200);
  expect(readingLine({ height: 800, above: 900, below: 400 })).toBe(500);
});

test("at the beginning of a page its first section is read, however short", () => {
  expect(readingLine({ height: 800, above: 0, below: 5000 })).toBe(0);
  expect(readingLine({ height: 800, above: 50, below: 5000 })).toBe(50);
});

test("at the end of a page its last section is read, however short", () => {
  expect(readingLine({ height: 800, above: 900, below: 0 })).toBe(800);
  // Some browsers scroll a little further, and come back.
  expect(readingLine({ height: 800, above: 900, below: -20 })).toBe(800);
});
