import { expect, test } from "vitest";
import { TagTable } from "../../record/tag-table.ts";

/** What the table says of the tag at the beginning of `line`. */
const valueIn = <Value>(table: TagTable<Value>, line: string): Value | undefined => {
  const bytes = Buffer.from(`..${line}\n`);
  return table.get(bytes, 2, bytes.length - 1)?.value;
};

test("each tag is asked for once, whatever stood before it", () => {
  const asked: string[] = [];
  const table = new TagTable((tag) => asked.push(tag));
  const lines = ["ab,1", "abc,1", "ab,2", "ab,3", ",1", "abc,2", "ab,4", "abc,3", ",2"];
  expect(lines.map((line) => valueIn(table, line))).toEqual([1, 2, 1, 1, 3, 2, 1, 2, 3]);
  expect(asked).toEqual(["ab", "abc", ""]);
});

test("a line without a comma has no tag, not even that of the line before it", () => {
  const table = new TagTable((tag) => tag);
  for (let round = 0; round < 2; round++) {
    expect(valueIn(table, "ab,1")).toBe("ab");
    expect(valueIn(table, "ab")).toBeUndefined();
  }
  expect(table.get(Buffer.from("ab\nab,1\n"), 0, 2)).toBeNull();
});

test("a tag is kept although the bytes it was read from change", () => {
  const table = new TagTable((tag) => tag);
  const bytes = Buffer.from("abc,");
  for (const tag of ["abc,", "xyz,", "abc,", "xyz,"]) {
    bytes.write(tag);
    expect(table.get(bytes, 0, 4)?.value).toBe(tag.slice(0, 3));
  }
});

test("tags of one hash are told apart", () => {
  // Pairs with the same 32 bits of FNV-1a.
  const table = new TagTable((tag) => tag);
  for (const tag of ["costarring", "liquid", "declinate", "macallums", "liquid", "costarring", "macallums"]) {
    expect(valueIn(table, `${tag},1`)).toBe(tag);
  }
});
