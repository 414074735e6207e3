import fc from "fast-check";
import { expect, test } from "vitest";
import { OUTCOMES } from "../../record/reason.ts";
import { MOST_NAMES, OTHER_NAMES, Recording } from "../../record/recording.ts";
import type { Sample } from "../../record/sample.ts";
import { AUTH_ROWS, arrivalName, authName, sectionOf, turnName } from "../../record/section.ts";
import { sample } from "./samples.ts";

test.each(AUTH_ROWS)("what auth did for a server as %s is no operation of it", (row) => {
  expect(authName("learn", row)).toBe(`learn:auth/${row}`);
  expect(sectionOf(authName("learn", row))).toBe("auth");
});

test("a turn and a planned start are no operations", () => {
  expect(sectionOf(turnName("learn", "research"))).toBe("turns");
  expect(sectionOf(arrivalName("learn", "research"))).toBe("arrivals");
});

test.each([
  "learn:tools/call:turn:research",
  "learn:resources/read:turn:x",
  "turn:x",
  "learn:tools/call:auth/token",
  "learn:prompts/get:learn:auth/401",
  "learn:auth/token:x",
  "learn:auth/other",
  "learn:auth/",
  "auth/token",
  ":auth/token",
  OTHER_NAMES,
])("%s is an operation like any other", (name) => {
  expect(sectionOf(name)).toBe("operations");
});

const samples = fc.record({
  name: fc.constantFrom("a:ping", "b:tools/call:auth/token", ...AUTH_ROWS.map((row) => authName("a", row))),
  outcome: fc.constantFrom(...OUTCOMES),
  endMs: fc.constant(1),
  serviceMs: fc.double({ min: 0.001, max: 100_000, noNaN: true }),
  bytesIn: fc.nat(10_000),
  bytesOut: fc.nat(10_000),
});

const recordingOf = (all: readonly Sample[]): Recording => {
  const recording = new Recording();
  for (const each of all) recording.record(each);
  return recording;
};

test("the operations of a record are the same with and without what auth did", () => {
  fc.assert(
    fc.property(fc.array(samples, { maxLength: 100 }), (all) => {
      const whole = recordingOf(all);
      const bare = recordingOf(all.filter(({ name }) => sectionOf(name) === "operations"));
      expect(whole.toRunFile().operations).toEqual(bare.toRunFile().operations);
      expect(whole.totals().operations).toEqual(bare.totals().operations);
      const sections = [whole.toRunFile().operations, whole.toRunFile().auth];
      const counted = sections.flatMap((section) => Object.values(section)).reduce((sum, { count }) => sum + count, 0);
      expect(counted).toBe(all.length);
    }),
  );
});

test("what auth did keeps its name where operations have used up theirs", () => {
  const recording = new Recording();
  for (let index = 0; index < MOST_NAMES; index++) recording.record(sample({ name: `learn:tools/call:${index}` }));
  recording.record(sample({ name: authName("learn", "renewal") }));
  expect(recording.totals().auth).toEqual({ [authName("learn", "renewal")]: { ok: 1 } });
  expect(recording.totals().operations[OTHER_NAMES]).toBeUndefined();
});
