import { expect, it } from "vitest";
import { foundOf } from "../../../capacity/ceiling/ceiling-file.ts";
import { pictureOf } from "../../../capacity/picture/picture.ts";
import { terminalPlot } from "../../../capacity/picture/terminal-plot.ts";
import { LIMITS, step } from "../ceiling/measures.ts";

const found = foundOf({
  schema: 1,
  id: "20261121-120000-ceiling-abcd",
  server: "<learn>",
  shape: "sessions",
  limits: LIMITS,
  stepMs: 60_000,
  startedAt: "2026-11-21T12:00:00.000Z",
  state: "complete",
  steps: [step(1, 100), step(10, 100), step(20, 900), step(40, 4000), step(50, 1, { saturation: ["late"] })] as never,
});

it("the terminal's picture is ASCII of at most 80 columns, with a mark for each level that proves something", () => {
  const lines = terminalPlot(pictureOf(found), 200);
  for (const line of lines) expect(line).toMatch(/^[ -~]{0,80}$/);
  const drawn = lines.slice(0, 12).join("");
  expect(drawn.match(/o/g)).toHaveLength(3);
  expect(drawn.match(/x/g)).toHaveLength(1);
  expect(lines.at(-2)?.trim().split(/\s+/)).toEqual(["1", "10", "20", "40"]);
});

it("a search without a point has no picture", () => {
  expect(terminalPlot({ points: [], limitMs: 2000, unit: "sessions" }, 80)).toEqual([]);
});
