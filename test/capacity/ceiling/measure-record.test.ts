import { expect, it } from "vitest";
import { measureOf } from "../../../capacity/ceiling/measure-record.ts";
import { resultsFolder, writeRecord } from "../../gate/written-record.ts";
import { sample } from "../../record/samples.ts";

const PLAN = {
  sessions: 3,
  server: "learn",
  shape: "sessions",
  warmUpMs: 0,
  lengthMs: 12_000,
  dir: "steps/1",
} as const;

const record = () =>
  writeRecord(resultsFolder(), [
    sample({ serviceMs: 20 }),
    sample({ serviceMs: 40 }),
    sample({ outcome: "timeout" }),
    sample({ outcome: "cancelled" }),
    sample({ name: "github:tools/call:search" }),
    sample({ name: "learn:tools/list" }),
    sample({ name: "learn:initialize", outcome: "http-503" }),
  ]);

it("a step's calls are the tool calls of its server; what its end cut off is no failure", () => {
  const { batches, refused, sessions, dir } = measureOf(record(), PLAN);
  const sum = (of: (batch: (typeof batches)[number]) => number): number =>
    batches.reduce((all, each) => all + of(each), 0);
  expect(sum(({ calls }) => calls)).toBe(3);
  expect(sum(({ failures }) => failures)).toBe(1);
  expect(batches.flatMap(({ times }) => times)).toEqual([
    [20_000, 1],
    [40_000, 1],
  ]);
  expect({ refused, sessions, dir }).toEqual({ refused: 1, sessions: 3, dir: "steps/1" });
});

it("what ended in the warm-up is not measured", () => {
  const { batches } = measureOf(record(), { ...PLAN, warmUpMs: 30_000 });
  expect(batches.every(({ calls }) => calls === 0)).toBe(true);
});

it("sessions are those that were there, and callers of one session are all there with it", () => {
  expect(measureOf(record(), PLAN).opened).toBeLessThan(3);
  const { dir, ...written } = record();
  const one = {
    ...written,
    dir,
    file: { ...written.file, sessions: { peak: 1, leftOpen: 0, byServer: { learn: { peak: 1, leftOpen: 0 } } } },
  };
  expect(measureOf(one, PLAN).opened).toBe(1);
  expect(measureOf(one, { ...PLAN, shape: "calls" }).opened).toBe(3);
});

it("a step that did not run to its end is cut off", () => {
  // The records of this test are of ten seconds.
  expect(measureOf(record(), { ...PLAN, lengthMs: 10_000 }).cutOff).toBe(null);
  expect(measureOf(record(), { ...PLAN, lengthMs: 60_000 }).cutOff).toBe("it ended after 10.0 s of 1 min 00 s");
  const killed = writeRecord(resultsFolder(), [sample()], { endReason: null });
  expect(measureOf(killed, { ...PLAN, lengthMs: 10_000 }).cutOff).toBe("its record is not complete");
});

it("calls that end after the planned time are measured, and are not part of the calls a second", () => {
  const written = () => writeRecord(resultsFolder(), [sample({ serviceMs: 20 }), sample({ serviceMs: 40 })]);
  expect(measureOf(written(), PLAN).endedInTime).toBe(2);
  const late = measureOf(written(), { ...PLAN, lengthMs: 1 });
  expect(late.batches.reduce((sum, { calls }) => sum + calls, 0)).toBe(2);
  expect(late.endedInTime).toBe(0);
});
