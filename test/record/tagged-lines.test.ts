import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { taggedLines } from "../../record/tagged-lines.ts";

const path = join(mkdtempSync(join(tmpdir(), "tagged-")), "latency.hlog");

const read = (text: string, isWanted: (tag: string) => boolean, bytes = text.length): string[] => {
  writeFileSync(path, text);
  return [...taggedLines(path, bytes, isWanted)];
};

test("only lines of wanted tags come, and each tag is asked for once", () => {
  const asked: string[] = [];
  const lines = read(
    "#[comment]\nTag=a;ok;service,1,2\nTag=b;ok;service,1,2\n\nTag=a;ok;service,3,4\nTug=a,1\n",
    (tag) => {
      asked.push(tag);
      return tag.startsWith("a");
    },
  );
  expect(lines).toEqual(["Tag=a;ok;service,1,2", "Tag=a;ok;service,3,4"]);
  expect(asked).toEqual(["a;ok;service", "b;ok;service"]);
});

test("what lies behind the committed bytes, and a torn last line, are left out", () => {
  const text = "Tag=a,1\nTag=a,2\nTag=a,3";
  expect(read(text, () => true)).toEqual(["Tag=a,1", "Tag=a,2"]);
  expect(read(text, () => true, 12)).toEqual(["Tag=a,1"]);
});

test("lines across the borders of what is read at once come whole", () => {
  const short = `Tag=a,${"x".repeat(300_000)}`;
  expect(read(`${short}\n`.repeat(9), () => true)).toEqual(new Array(9).fill(short));
});

test("what is longer than any histogram is no line, and the ones behind it are read", () => {
  expect(read(`Tag=a,${"x".repeat(3_000_000)}\nTag=a,1\n`, () => true)).toEqual(["Tag=a,1"]);
});

test("a log that is not there has no lines", () => {
  expect([...taggedLines(join(path, "..", "no.hlog"), 100, () => true)]).toEqual([]);
});
