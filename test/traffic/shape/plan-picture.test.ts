import fc from "fast-check";
import { expect, test } from "vitest";
import { pictureLines } from "../../../traffic/shape/plan-picture.ts";
import { endMs, parseStages, segmentsOf } from "../../../traffic/shape/stage.ts";

const drawn = (text: string, columns: number): string[] => {
  const segments = segmentsOf(parseStages(text));
  return pictureLines(segments, endMs(segments), columns).map(({ before, curve }) => before + curve);
};

test("a rise, a level and a fall look like one", () => {
  expect(drawn("2m:16,2m=16,2m:0", 30).join("\n")).toBe(
    [
      "  16 ┤       ██████████",
      "     │      ████████████",
      "     │     ██████████████",
      "     │    ████████████████",
      "   8 ┤   ██████████████████",
      "     │  ████████████████████",
      "     │ ██████████████████████",
      "     │████████████████████████",
      "   0 └┬─────┬─────┬─────┬─────",
      "      0s    90s   3m        6m",
    ].join("\n"),
  );
});

test("a burst that is shorter than a column is there, and so is a single user beside a thousand", () => {
  const rows = drawn("10m=0,1s=1000,10m=1", 40);
  expect(rows[0]?.match(/█/g)).toHaveLength(1);
  expect(rows[7]).toMatch(/█▁{16,}/);
});

test("no picture is wider than the terminal or 80 columns, nor higher than 15 rows, whatever the shape", () => {
  const stage = fc.record({
    forMs: fc.integer({ min: 1, max: 10_000_000 }),
    users: fc.integer({ min: 1, max: 1_000_000 }),
    by: fc.constantFrom("ramp" as const, "jump" as const),
  });
  fc.assert(
    fc.property(
      fc.array(stage, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 30, max: 200 }),
      (stages, columns) => {
        const segments = segmentsOf(stages);
        const rows = pictureLines(segments, endMs(segments), columns).map(({ before, curve }) => before + curve);
        expect(rows.length).toBeLessThanOrEqual(15);
        for (const row of rows) expect(row.length).toBeLessThanOrEqual(Math.min(80, columns));
      },
    ),
  );
});
