import { expect, test } from "vitest";
import { LineReader } from "../../../../bridge/transport/older/line-reader.ts";

const read = (maxBytes: number, ...chunks: string[]) => {
  const lines: string[] = [];
  const reader = new LineReader(maxBytes, (line) => lines.push(line.toString()));
  return { isWithin: chunks.map((chunk) => reader.feed(Buffer.from(chunk))).every(Boolean), lines };
};

test.each<[string, string[], string[]]>([
  ["one to a chunk", ["ab\n", "cd\n"], ["ab", "cd"]],
  ["several in one", ["ab\n\ncd\ne"], ["ab", "", "cd"]],
  ["one in several", ["a", "b", "\nc", "d\n"], ["ab", "cd"]],
  ["nothing", [""], []],
])("lines, %s", (_how, chunks, lines) => {
  expect(read(10, ...chunks)).toEqual({ isWithin: true, lines });
});

test("a line past the limit is told, whether it ends or not", () => {
  expect(read(3, "abc\n", "abc", "d")).toEqual({ isWithin: false, lines: ["abc"] });
  expect(read(3, "abcd\n")).toEqual({ isWithin: false, lines: [] });
});
