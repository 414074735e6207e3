import fc from "fast-check";
import { expect, test } from "vitest";
import { type End, endFields, endLine } from "../../../bridge/link/end-line.ts";

const ms = fc.double({ min: 0, max: 1e7, noNaN: true });
const end: fc.Arbitrary<End> = fc.record({
  id: fc.integer({ min: 1 }),
  name: fc.oneof(fc.string({ unit: "grapheme" }), fc.constant(null)),
  failure: fc.oneof(fc.constant(null), fc.constant({ reason: "timeout", detail: "late" } as const)),
  serviceMs: fc.oneof(ms, fc.constant(undefined)),
  responseMs: ms,
  firstEventMs: fc.oneof(ms, fc.constant(undefined)),
  bytes: fc.nat(),
  endMs: ms,
  isRepeated: fc.boolean(),
  digest: fc.oneof(
    fc.constant(undefined as never),
    fc.constant({ sha256: "0a", bytes: 5, firstType: null, firstBytes: 0 }),
  ),
  result: fc.oneof(fc.constant("{}"), fc.constant(undefined as never)),
});

test("the line that is written by hand says what the fields say", () => {
  fc.assert(
    fc.property(end, (one) => {
      expect(JSON.parse(endLine(one))).toEqual(JSON.parse(JSON.stringify(endFields(one))));
    }),
  );
});

test("a repeated call is marked, and only that", () => {
  const good = { id: 1, name: "a:ping", failure: null, serviceMs: 1, responseMs: 1, bytes: 0, endMs: 1 };
  expect(JSON.parse(endLine({ ...good, isRepeated: true }))).toHaveProperty("repeated", true);
  expect(JSON.parse(endLine({ ...good, isRepeated: false }))).not.toHaveProperty("repeated");
});

test("a held open is no end", () => {
  expect(endLine({ id: 3, held: true, retryMs: 5000 })).toBe('{"end":3,"held":true,"retryMs":5000}');
});
