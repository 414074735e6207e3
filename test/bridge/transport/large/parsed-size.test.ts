import { expect, test } from "vitest";
import { ParsedSize } from "../../../../bridge/transport/large/parsed-size.ts";

const sizeOf = (text: string, cut = text.length): number => {
  const size = new ParsedSize();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += cut) size.feed(bytes.subarray(at, at + cut));
  return size.bytes;
};

test.each([
  ["[]", 96],
  ["[[],{}]", 3 * 96],
  ['{"a":"long, and [no] {more} \\"than\\" one"}', 96 + 24 + 16],
  ["[0,-1.5e3,true,null]", 96 + 4 * 16],
])("of %s", (text, bytes) => {
  expect(sizeOf(text)).toBe(bytes);
  expect(sizeOf(text, 1)).toBe(bytes);
});

test("of a text that breaks is that of what stood before", () => {
  expect(sizeOf("[[],!,[],[]]")).toBe(2 * 96);
});
