import { describe, expect, test } from "vitest";
import { LastLine } from "../../../../bridge/transport/older/last-line.ts";

const lastOf = (...chunks: (string | Buffer)[]): string => {
  const last = new LastLine();
  for (const chunk of chunks) last.feed(Buffer.from(chunk));
  return last.text();
};

describe("the last line of a process", () => {
  test.each<[string, string[], string]>([
    ["nothing", [], ""],
    ["one line", ["the disk is full\n"], "the disk is full"],
    ["one without an end", ["starting\nthe disk"], "the disk"],
    ["one in pieces", ["a\nthe di", "sk is", " full\r\n"], "the disk is full"],
    ["empty lines behind it", ["full\n\n", " \n"], "full"],
  ])("%s", (_what, chunks, text) => {
    expect(lastOf(...chunks)).toBe(text);
  });

  test("is cut at its end, however long it is and in however many pieces it comes", () => {
    const key = "S3CR3T-abcdefghijklmnop";
    expect(lastOf("before\n", `key ${key} `, ...Array<string>(5).fill("x".repeat(900)))).toMatch(
      new RegExp(`^key ${key} x+$`),
    );
    expect(lastOf(`key ${key} ${"x".repeat(10_000)}\n`)).toHaveLength(2_000);
  });

  test("is whole where a character was torn", () => {
    const bytes = Buffer.from("no é\n");
    expect(lastOf(bytes.subarray(0, 4), bytes.subarray(4))).toBe("no é");
  });
});
