import { describe, expect, test } from "vitest";
import { Operation } from "../../bridge/operation.ts";

const stamped = (): Operation => {
  const operation = new Operation(1, 10);
  return Object.assign(operation, { dispatchedMs: 11, sentMs: 12, headersMs: 15, firstEventMs: 16, endMs: 17 });
};
const stampsOf = ({ dispatchedMs, sentMs, headersMs, firstEventMs, endMs, heldMs }: Operation) => [
  dispatchedMs,
  sentMs,
  headersMs,
  firstEventMs,
  endMs,
  heldMs,
];

describe("a pause", () => {
  test("moves what was stamped before it to its end, and is held time", () => {
    const operation = stamped();
    operation.pause(20);
    operation.resume(120);
    expect(stampsOf(operation)).toEqual([111, 112, 115, 116, 117, 100]);
  });

  test("leaves alone what was not stamped, and what came in it: an end by its time limit", () => {
    const operation = new Operation(1, 10);
    operation.dispatchedMs = 11;
    operation.pause(20);
    operation.endMs = 50;
    operation.resume(50);
    expect(stampsOf(operation)).toEqual([41, 0, 0, 0, 50, 30]);
  });

  test("ends once, and only one that began", () => {
    const operation = stamped();
    operation.resume(100);
    operation.pause(20);
    operation.resume(30);
    operation.resume(1_000);
    expect(operation.heldMs).toBe(10);
  });

  test("of two requests that wait at once ends with the later one, and is held once", () => {
    const operation = stamped();
    operation.pause(20);
    operation.pause(25);
    operation.resume(30);
    operation.resume(50);
    expect(stampsOf(operation)).toEqual([41, 42, 45, 46, 47, 30]);
  });

  test("ends with the operation, however many requests wait", () => {
    const operation = stamped();
    operation.pause(20);
    operation.pause(25);
    operation.settle(30);
    operation.resume(50);
    operation.resume(60);
    expect(operation.heldMs).toBe(10);
  });

  test("that began after the answer takes nothing away from the operation", () => {
    const operation = stamped();
    operation.pause(20);
    operation.settle(operation.endMs);
    expect(stampsOf(operation)).toEqual(stampsOf(stamped()));
  });
});

describe("an exchange that is forgotten", () => {
  test("takes the stamps along when it was the first", () => {
    const operation = stamped();
    operation.bytesOut = 30;
    operation.forget({ tookMs: 6, bytesOut: 30, isFirst: true });
    expect(stampsOf(operation)).toEqual([0, 0, 0, 0, 0, 6]);
    expect(operation.bytesOut).toBe(0);
  });

  test("leaves those of the exchanges before it", () => {
    const operation = stamped();
    operation.bytesOut = 70;
    operation.forget({ tookMs: 6, bytesOut: 40, isFirst: false });
    expect(stampsOf(operation)).toEqual([17, 18, 21, 22, 23, 6]);
    expect(operation.bytesOut).toBe(30);
  });
});
