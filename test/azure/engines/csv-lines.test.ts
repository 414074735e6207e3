import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CsvLines } from "../../../azure/engines/csv-lines.ts";

interface Seen {
  readonly cells: readonly string[] | null;
  readonly lines: number;
}

/** @param pieces as a stream may cut the text */
const seen = (...pieces: readonly string[]): Seen[] => {
  const rows: Seen[] = [];
  const lines = new CsvLines({
    onCells: (cells, count) => rows.push({ cells, lines: count }),
    isStart: (line) => /^\d{4},/.test(line),
    isWidth: (cells) => cells === 2,
  });
  for (const piece of pieces) lines.push(piece);
  lines.end();
  return rows;
};

test("what is written as a CSV is read as any reader does, wherever the stream cuts it", () => {
  const cell = fc.oneof(fc.constantFrom("", 'say "hi"', "a,b", "two\nlines", '"'), fc.string({ maxLength: 6 }));
  const text = fc
    .array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 })
    .map((rows) =>
      rows
        .map((cells) => cells.map((each) => `"${each.replaceAll("\r", " ").replaceAll('"', '""')}"`).join(","))
        .join("\r\n"),
    );
  fc.assert(
    fc.property(text, fc.nat(), (whole, at) => {
      const cut = at % (whole.length + 1);
      const rows = seen(whole.slice(0, cut), whole.slice(cut)).map(({ cells }) => cells);
      expect(rows).toEqual(parse(whole, { record_delimiter: ["\r\n"], relax_column_count: true }));
    }),
    { numRuns: 300 },
  );
});

test("a quote that nobody closed costs its own row, when the next line begins like one", () => {
  expect(seen('1000,"boom\n1001,fine\n1002,"also fine"\n')).toEqual([
    { cells: null, lines: 1 },
    { cells: ["1001", "fine"], lines: 1 },
    { cells: ["1002", "also fine"], lines: 1 },
  ]);
});

test("a message may hold lines that begin like rows", () => {
  expect(seen('1000,"log:\n1001,x\n1002,""y""\n"\n1003,fine\n')).toEqual([
    { cells: ["1000", 'log:\n1001,x\n1002,"y"\n'], lines: 4 },
    { cells: ["1003", "fine"], lines: 1 },
  ]);
});

test.each([
  ["the file ends", '1000,"a\n1001,x\n1002,y', [null, "x", "y"]],
  ["the row has another width", '1000,"a\n1001,x\n1002,",z\n1003,y\n', [null, "x", null, "y"]],
  ["a quote is alone", '1000,"a\n1001,x\n1002,"log:\n1009,z\n"\n1003,y\n', [null, "x", "log:\n1009,z\n", "y"]],
  ["it is too long", `1000,"a\n1001,x\n1002,${"y".repeat(999_980)}\n1003,z\n`, [null, "x", "y".repeat(999_980), "z"]],
  ["a line is too long", `1000,"a\n1001,x\n${"y".repeat(1_000_001)}\n1003,z\n`, [null, "x", null, "z"]],
])("that a quote was never closed shows when %s", (_, text, second) => {
  expect(seen(text).map(({ cells }) => cells?.[1] ?? null)).toEqual(second);
});

test("unclosed quotes without number are read about once", () => {
  const lines = 200_000;
  for (const line of ['1000,""x\n', '1000,"\n', '1000,"x\n']) {
    const startMs = performance.now();
    expect(seen(line.repeat(lines)).reduce((sum, { lines: each }) => sum + each, 0)).toBe(lines);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  }
});

test("else it costs what it took, and each line is counted", () => {
  expect(seen('a,"boom\nb,fine\nc,fine')).toEqual([{ cells: null, lines: 3 }]);
});

test("a quote within a cell is a letter", () => {
  expect(seen('a "b" c,d"\n"e "f" g",h\n').map(({ cells }) => cells)).toEqual([
    ['a "b" c', 'd"'],
    ['e "f" g', "h"],
  ]);
});

test("neither a line nor a row without an end is kept", () => {
  const piece = "x".repeat(400_000);
  expect(seen(piece, piece, piece, piece, "\nnext,row\n")).toEqual([
    { cells: null, lines: 1 },
    { cells: ["next", "row"], lines: 1 },
  ]);
  const long = seen('a,"\n', `${"y\n".repeat(400_000)}`, `${"y\n".repeat(400_000)}`);
  expect(long[0]?.cells).toBeNull();
  expect(long.reduce((sum, { lines }) => sum + lines, 0)).toBe(800_001);
});
