import { expect, test } from "vitest";
import { readingLine } from "../../../report/page/reading-line.ts";

test("one reads in the upper part of a window, until the end of the page comes into sight", () => {
  expect(readingLine(800, 5000)).toBe(200);
  expect(readingLine(800, 800)).toBe(200);
  expect(readingLine(800, 400)).toBe(500);
});

test("at the end of a page its last section is read, however short", () => {
  expect(readingLine(800, 0)).toBe(800);
  // Some browsers scroll a little further, and come back.
  expect(readingLine(800, -20)).toBe(800);
});
