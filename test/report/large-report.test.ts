import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRun } from "../../record/read-run.ts";
import { contextOf, nothingAround } from "../../report/context.ts";
import { documentOf } from "../../report/document-of.ts";
import { renderHtml } from "../../report/html/render-html.ts";
import { documentMarkdown } from "../../report/markdown.ts";
import { HOSTILE } from "./every-block.ts";
import { type LargeRecordOptions, writeLargeRecord } from "./large-record.ts";

const documentFor = (options: LargeRecordOptions) => {
  const dir = join(mkdtempSync(join(tmpdir(), "large-report-")), "20260301-100000-large");
  writeLargeRecord(dir, options);
  return documentOf(contextOf(readRun(dir), nothingAround(new Date("2026-03-02T00:00:00Z"))));
};

const pageOf = (options: LargeRecordOptions): string => renderHtml(documentFor(options), { script: "", style: "" });

describe("the report of a long run", () => {
  // The script and the style are 200 kB more.
  test("grows with its names, not with its calls", () => {
    const few = pageOf({ seconds: 60, names: 100, calls: 6_000 });
    const many = pageOf({ seconds: 60, names: 100, calls: 24_000 });
    expect(many.length).toBeLessThan(1_000_000);
    expect(many.length / few.length).toBeLessThan(1.5);
  });

  test.runIf(process.env.SWARMBRIDGE_LONG)(
    "of an hour, a hundred names and a million calls is a page of less than 1.3 MB",
    () => expect(pageOf({}).length).toBeLessThan(1_300_000),
    300_000,
  );

  test("is made of names that a hostile server chose, and none of them is markup", () => {
    const names = Object.values(HOSTILE);
    const nameOf = (index: number): string => `learn:tools/call:${names[index]}`;
    const document = documentFor({ seconds: 20, names: names.length, calls: 2_000, nameOf });
    const page = renderHtml(document, { script: "", style: "" });
    expect(page.match(/<(?:img|iframe|script)\b[^>]*/g)).toEqual([
      '<script type="application/json" id="chart-data"',
      "<script",
    ]);
    expect(page.includes(HOSTILE.long)).toBe(false);
    // In code nobody is mentioned.
    const words = documentMarkdown(document).replaceAll(/(`+)[^`].*?\1/g, "");
    expect(words.includes("@everyone")).toBe(false);
  });
});
