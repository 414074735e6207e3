import { hostname } from "node:os";
import { expect, test } from "vitest";
import { clockId, clocksOf, clockText } from "../../record/machine-clock.ts";
import type { RunFile } from "../../record/run-file.ts";

const partsOf = (...clocks: (string | undefined)[]): RunFile =>
  ({
    parts: clocks.map((clock, index) => ({
      ...{ part: `worker-${index}`, state: "complete", updatedAt: "" },
      ...(clock !== undefined && { clock }),
    })),
  }) as RunFile;

test("the clock of a machine is the same each time, and does not tell its name", () => {
  expect(clockId()).toBe(clockId());
  expect(clockId()).toMatch(/^[0-9a-f]{12}$/);
  expect(clockId()).not.toContain(hostname());
});

test.each([
  ["one process", [], 1],
  ["processes of one machine", ["a", "a"], 1],
  ["workers of two machines", ["a", "b", "a"], 2],
  ["parts of before clocks were told", [undefined, undefined], 1],
] as const)("of %s the clocks are counted", (_what, clocks, count) => {
  expect(clocksOf(partsOf(...clocks))).toBe(count);
  expect(clockText(partsOf(...clocks)) !== "").toBe(count > 1);
});

test("a run at Azure says it of its engines already", () => {
  expect(clockText({ ...partsOf("a", "b"), origin: { kind: "azure" } } as RunFile)).toBe("");
});
