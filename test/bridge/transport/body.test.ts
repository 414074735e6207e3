import { expect, test } from "vitest";
import { Body } from "../../../bridge/transport/body.ts";

test("a body is the same bytes, in whatever chunks they came", () => {
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => at % 251));
  for (const sizes of [[1], [3, 5_000], [1, 70_000, 2, 2], [200_000]]) {
    const body = new Body(bytes.length);
    let fits = true;
    for (let from = 0, at = 0; from < bytes.length; at++) {
      const size = sizes[at % sizes.length] ?? 1;
      fits = body.add(bytes.subarray(from, from + size)) && fits;
      from += size;
    }
    expect(fits).toBe(true);
    expect(body.bytes().equals(bytes)).toBe(true);
    expect(body.size).toBe(bytes.length);
  }
});

test("a body that comes byte after byte is a few pieces", () => {
  const body = new Body(1_000_000);
  for (let at = 0; at < 300_000; at++) body.add(Buffer.from([at % 256]));
  expect([...body.pieces()].length).toBeLessThan(30);
});

test("a body keeps what fits and says that there was more", () => {
  const body = new Body(5);
  expect(body.add(Buffer.from("abc"))).toBe(true);
  expect(body.add(Buffer.from("def"))).toBe(false);
  expect(body.text()).toBe("abcde");
  expect(body.size).toBe(6);
});
