import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPageFiles } from "../../../report/html/page-files.ts";

test("the page's script and style are read from where the build put them", () => {
  const folder = mkdtempSync(join(tmpdir(), "page-files-"));
  writeFileSync(join(folder, "report-page.js"), "draw();\n");
  writeFileSync(join(folder, "report-page.css"), "body{}\n");
  expect(readPageFiles(folder)).toEqual({ script: "draw();", style: "body{}" });
});

test("a checkout that is not built says so", () => {
  const folder = mkdtempSync(join(tmpdir(), "page-files-"));
  expect(() => readPageFiles(folder)).toThrow(
    expect.objectContaining({ code: "PAGE_NOT_BUILT", detail: { dir: folder } }),
  );
});
