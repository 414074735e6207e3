import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineReader } from "../../../bridge/link/line-reader.ts";

const readIn = (chunks: Buffer[], maxBytes?: number): string[] => {
  const lines: string[] = [];
  const reader = new LineReader((line) => lines.push(line), maxBytes);
  for (const chunk of chunks) reader.push(chunk);
  return lines;
};

describe("LineReader", () => {
  test("gives the same lines however the stream is cut, characters of several bytes included", () => {
    const texts = fc.array(fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", "")));
    fc.assert(
      fc.property(texts, fc.array(fc.nat(64)), (lines, cuts) => {
        const stream = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(stream.subarray(at, at + cut));
          at += cut;
        }
        chunks.push(stream.subarray(at));
        expect(readIn(chunks)).toEqual(lines);
      }),
    );
  });

  test("keeps what has no end yet", () => {
    expect(readIn([Buffer.from("a\nb")])).toEqual(["a"]);
  });

  test("refuses a line over the limit before it is whole", () => {
    const reader = new LineReader(() => undefined, 10);
    reader.push(Buffer.alloc(10, "x"));
    expect(() => reader.push(Buffer.from("x"))).toThrow(RangeError);
  });

  test("refuses a line that came in one chunk and is over the limit", () => {
    const reader = new LineReader(() => undefined, 10);
    reader.push(Buffer.from("12345"));
    expect(() => reader.push(Buffer.from("678901\n"))).toThrow(RangeError);
  });
});
