import { describe, expect, test } from "vitest";
import { foundOf } from "../../capacity/ceiling/ceiling-file.ts";
import { ceilingDocument } from "../../report/ceiling-document.ts";
import { renderHtml } from "../../report/html/render-html.ts";
import { documentMarkdown } from "../../report/markdown.ts";
import { LIMITS, step } from "../capacity/ceiling/measures.ts";

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

describe("a search for the ceiling as a page", () => {
  test("a server's name is no markup, and its picture has a point for each level that proves something", () => {
    const page = renderHtml(ceilingDocument(found, null), { script: "", style: "" });
    expect(page.includes("<learn>")).toBe(false);
    expect(page.includes("<h1>Session ceiling of &lt;learn&gt;</h1>")).toBe(true);
    const chart = ceilingDocument(found, null).sections[0]?.blocks.find(({ kind }) => kind === "chart");
    expect(chart).toMatchObject({ x: { values: [1, 10, 20, 40] }, limits: [{ at: LIMITS.p99Ms }] });
  });

  test("Markdown says the answer, the confidence, the trigger and every level", () => {
    const text = documentMarkdown(ceilingDocument(found, 60));
    expect(text).toContain("ceiling 40: 20 sessions are carried");
    expect(text).toContain("within these steps it lies above 20 and at most 40");
    expect(text).toContain("scale out at 8 a replica (80% of the knee)");
    expect(text).toContain("60 are expected");
    expect(text).toContain("| 50 |");
  });
});
