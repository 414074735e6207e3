import { describe, expect, test } from "vitest";
import { shapeSvg } from "../../../report/html/shape-svg.ts";

describe("the small picture in a cell", () => {
  test("has a bar for each height, the highest over all of it", () => {
    expect(shapeSvg([0, 1, 4])).toContain('viewBox="0 0 3 20"');
    expect(shapeSvg([0, 1, 4])).toContain('d="M1 20v-5h1v5zM2 20v-20h1v20z"');
  });

  test("shows what is there at all, however little", () => {
    expect(shapeSvg([1, 1_000_000])).toContain("M0 20v-1h1v1z");
  });

  test("joins neighbours where there are more than fit, and keeps the higher one", () => {
    const heights = Array.from({ length: 600 }, (_, at) => (at === 305 ? 9 : 1));
    expect(shapeSvg(heights)).toContain('viewBox="0 0 60 20"');
    expect(shapeSvg(heights)).toContain("M30 20v-20h1v20z");
  });

  test("is nothing where nothing is to be shown", () => {
    expect(shapeSvg([])).toBe("");
    expect(shapeSvg([0, 0])).toBe("");
    expect(shapeSvg([Number.NaN])).toBe("");
  });
});
