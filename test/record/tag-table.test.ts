import { expect, test } from "vitest";
import { TagTable } from "../../record/tag-table.ts";

test("each tag is asked for once, wherever it stands", () => {
  const asked: string[] = [];
  const table = new TagTable((tag) => asked.push(tag));
  const bytes = Buffer.from("..ab.abc.ab");
  expect([table.get(bytes, 2, 4), table.get(bytes, 5, 8), table.get(bytes, 9, 11), table.get(bytes, 0, 0)]).toEqual([
    1, 2, 1, 3,
  ]);
  expect(asked).toEqual(["ab", "abc", ""]);
});

test("a tag is kept although the bytes it was read from change", () => {
  const table = new TagTable((tag) => tag);
  const bytes = Buffer.from("abc");
  expect(table.get(bytes, 0, 3)).toBe("abc");
  bytes.write("xyz");
  expect(table.get(bytes, 0, 3)).toBe("xyz");
  expect(table.get(Buffer.from("abc"), 0, 3)).toBe("abc");
});

test("tags of one hash are told apart", () => {
  // Found by trying: 300,000 numbers and a hash of 30 bits.
  const byHash = new TagTable((tag) => tag);
  for (let each = 0; each < 300_000; each++) {
    const bytes = Buffer.from(`learn:tools/call:${each};ok;service`);
    if (byHash.get(bytes, 0, bytes.length) !== bytes.toString()) expect.unreachable(`${each} was taken for another`);
  }
});
