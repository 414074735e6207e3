import { expect, it } from "vitest";
import { foundOf } from "../../../capacity/ceiling/ceiling-file.ts";
import { ceilingHtml, ceilingMarkdown } from "../../../capacity/ceiling/ceiling-pages.ts";
import { pictureOf } from "../../../capacity/picture/picture.ts";
import { svgPlot } from "../../../capacity/picture/svg-plot.ts";
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
  expect(svgPlot({ points: [], limitMs: 2000, unit: "sessions" })).toContain("</svg>");
});

it("the page loads nothing, and a server's name is no markup", () => {
  const page = ceilingHtml(found, null);
  expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)|<learn>/);
  expect(page).toContain("&lt;learn&gt;");
  expect(page.match(/<circle/g)).toHaveLength(4);
});

it("Markdown says the answer, the confidence, the trigger and every level", () => {
  const text = ceilingMarkdown(found, 60);
  expect(text).toContain("ceiling 40: 20 sessions are carried");
  expect(text).toContain("within these steps it lies above 20 and at most 40");
  expect(text).toContain("scale out at 8 a replica (80% of the knee)");
  expect(text).toContain("60 are expected");
  expect(text).toContain("| 50 |");
});
