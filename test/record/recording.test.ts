import fc from "fast-check";
import { expect, test } from "vitest";
import { OUTCOMES } from "../../record/reason.ts";
import { MOST_NAMES, OTHER_NAMES, Recording } from "../../record/recording.ts";
import type { Sample } from "../../record/sample.ts";
import { authName } from "../../record/section.ts";
import { SEARCH, sample } from "./samples.ts";

const AT = "2026-03-01T10:00:30.000Z";

const samples = fc.record({
  name: fc.constantFrom("a:ping", "b:ping", "b:tools/call:x"),
  outcome: fc.constantFrom(...OUTCOMES),
  endMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
  serviceMs: fc.double({ min: 0.001, max: 100_000, noNaN: true }),
  responseMs: fc.double({ min: 0.001, max: 100_000, noNaN: true }),
  beforeMs: fc.double({ min: 0, max: 50, noNaN: true }),
  bytesIn: fc.nat(10_000),
  bytesOut: fc.nat(10_000),
});

const recordingOf = (all: readonly Sample[]): Recording => {
  const recording = new Recording();
  for (const each of all) recording.record(each);
  return recording;
};

/** Names come in the order of their first call, which merging does not keep. */
const comparable = (recording: Recording) => JSON.parse(JSON.stringify(sorted(recording.toRunFile())));

const sorted = (value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, each]) => [key, sorted(each)]),
      )
    : value;

test("samples split over 1 to 16 recordings and added are exactly one recording", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(samples, fc.nat(15)), { maxLength: 200 }),
      fc.integer({ min: 1, max: 16 }),
      (all, parts) => {
        const merged = new Recording();
        for (let part = 0; part < parts; part++) {
          merged.add(recordingOf(all.filter(([, to]) => to % parts === part).map(([each]) => each)));
        }
        expect(comparable(merged)).toEqual(comparable(recordingOf(all.map(([each]) => each))));
      },
    ),
  );
});

test("a time that was not reached is not recorded as zero", () => {
  const recording = recordingOf([{ name: SEARCH, outcome: "connect", endMs: 5, bytesIn: 0, bytesOut: 0 }]);
  const { outcomes } = recording.toRunFile().operations[SEARCH] ?? {};
  expect(outcomes).toEqual({ connect: { count: 1, times: {} } });
});

test("a moved operation takes its count and all its times along", () => {
  const recording = recordingOf([sample(), sample({ serviceMs: 300, responseMs: 301 })]);
  recording.move(sample({ serviceMs: 300, responseMs: 301 }), "assertion");
  const record = recording.toRunFile().operations[SEARCH];
  expect(record?.count).toBe(2);
  expect(record?.failures).toBe(1);
  expect(record?.outcomes.ok).toMatchObject({ count: 1, times: { service: { count: 1, sumMs: 20 } } });
  expect(record?.outcomes.assertion).toMatchObject({ count: 1, times: { service: { count: 1, maxMs: 300 } } });
  expect(record?.all.service?.count).toBe(2);
});

test("a tally adds what is missing as counts without times, and a gap says so", () => {
  const recording = recordingOf([sample(), sample()]);
  recording.reconcile({ [SEARCH]: { ok: 5, bridge: 1 }, "learn:ping": { ok: 1 } }, AT, "bridge-lost");
  const file = recording.toRunFile();
  expect(recording.totals().operations).toEqual({ [SEARCH]: { ok: 5, bridge: 1 }, "learn:ping": { ok: 1 } });
  expect(file.operations[SEARCH]?.outcomes.ok?.times.service?.count).toBe(2);
  expect(file.reconciled).toEqual({ [SEARCH]: { ok: 3, bridge: 1 }, "learn:ping": { ok: 1 } });
  expect(file.gaps).toEqual([{ at: AT, cause: "bridge-lost", lostLatencies: 5 }]);
});

test("an answer that Python never saw is taken back, its times stay", () => {
  const recording = recordingOf([sample(), sample()]);
  recording.reconcile({ [SEARCH]: { ok: 1, bridge: 1 } }, AT, "bridge-lost");
  expect(recording.totals().operations).toEqual({ [SEARCH]: { ok: 1, bridge: 1 } });
  expect(recording.toRunFile().reconciled).toEqual({ [SEARCH]: { ok: -1, bridge: 1 } });
  expect(recording.toRunFile().gaps).toHaveLength(1);
});

test("a DELETE is not taken back: Python may have given its close up without knowing of it", () => {
  const name = "learn:session/delete";
  const recording = recordingOf([sample(), sample({ name })]);
  recording.reconcile({ [SEARCH]: { ok: 1 } }, AT, "at-stop");
  expect(recording.totals().operations).toEqual({ [SEARCH]: { ok: 1 }, [name]: { ok: 1 } });
  expect(recording.toRunFile().gaps).toEqual([]);
  recording.reconcile({ [SEARCH]: { ok: 1 }, [name]: { ok: 2 } }, AT, "at-stop");
  expect(recording.totals().operations[name]).toEqual({ ok: 2 });
});

test("tokens that only Python heard of are added to auth, and none is taken back", () => {
  const [token, renewal] = [authName("learn", "token"), authName("learn", "renewal")];
  const recording = recordingOf([sample({ name: token }), sample({ name: renewal })]);
  recording.reconcile({ [token]: { ok: 2, auth: 1 } }, AT, "bridge-lost");
  const { auth, operations } = recording.totals();
  expect([auth, operations]).toEqual([{ [token]: { ok: 2, auth: 1 }, [renewal]: { ok: 1 } }, {}]);
  expect(recording.toRunFile().gaps).toEqual([{ at: AT, cause: "bridge-lost", lostLatencies: 2 }]);
  recording.reconcile({ [token]: { ok: 1 } }, AT, "at-stop");
  expect(recording.totals().auth).toEqual(auth);
});

test("a tally that agrees leaves no trace", () => {
  const recording = recordingOf([sample()]);
  recording.reconcile({ [SEARCH]: { ok: 1 } }, AT, "at-stop");
  expect(recording.toRunFile()).toMatchObject({ reconciled: {}, gaps: [] });
});

test("names beyond the bound share one, and no count is lost", () => {
  const recording = new Recording();
  const tally: Record<string, { ok: number }> = {};
  for (let index = 0; index < MOST_NAMES + 50; index++) {
    recording.record(sample({ name: `learn:tools/call:${index}` }));
    tally[`learn:tools/call:${index}`] = { ok: 1 };
  }
  const { operations } = recording.totals();
  expect(Object.keys(operations)).toHaveLength(MOST_NAMES + 1);
  expect(operations[OTHER_NAMES]).toEqual({ ok: 50 });
  recording.reconcile(tally, AT, "at-stop");
  expect(recording.toRunFile().gaps).toEqual([]);
});
