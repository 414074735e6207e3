import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { forEachLine } from "../../record/line-bytes.ts";

const path = join(mkdtempSync(join(tmpdir(), "lines-")), "latency.hlog");

const read = (text: string, bytes = text.length): string[] => {
  writeFileSync(path, text);
  const lines: string[] = [];
  forEachLine(path, bytes, (buffer, from, end) => lines.push(buffer.toString("latin1", from, end)));
  return lines;
};

test("what lies behind the committed bytes, and a torn last line, are left out", () => {
  const text = "a,1\n\na,2\na,3";
  expect(read(text)).toEqual(["a,1", "", "a,2"]);
  expect(read(text, 6)).toEqual(["a,1", ""]);
});

test("lines across the borders of what is read at once come whole", () => {
  const short = `a,${"x".repeat(300_000)}`;
  expect(read(`${short}\n`.repeat(9))).toEqual(new Array(9).fill(short));
});

test("of what is longer than any histogram no more is held than of one, and the lines behind it are read", () => {
  const [end, ...behind] = read(`Tag=a,${"x".repeat(3_000_000)}\nTag=a,1\n`);
  expect(end).toMatch(/^x{1,2000000}$/);
  expect(behind).toEqual(["Tag=a,1"]);
});

test("a log that is not there has no lines", () => {
  forEachLine(join(path, "..", "no.hlog"), 100, () => expect.unreachable());
});
