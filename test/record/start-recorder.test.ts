import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { loadRecording, readRun } from "../../record/read-run.ts";
import { OUTCOMES } from "../../record/reason.ts";
import type { Recorder } from "../../record/recorder.ts";
import { authName } from "../../record/section.ts";
import { type RecorderOptions, startRecorder } from "../../record/start-recorder.ts";
import { gauges, identity, newRoot, SEARCH, sample } from "./samples.ts";

let root = "";
let warnings: string[] = [];
beforeEach(() => {
  root = newRoot();
  warnings = [];
});

const started = (options: RecorderOptions = {}, fields = {}): Promise<Recorder> =>
  startRecorder(identity(fields), root, { onWarning: (text) => warnings.push(text), nowMs: () => 1_000, ...options });

const TOKEN = authName("learn", "token");
const DYING = new URL("./dying-thread.ts", import.meta.url);

test("everything that was told is in the record when stop returns", async () => {
  const recorder = await started();
  for (let index = 0; index < 5_000; index++) {
    recorder.operation(sample({ outcome: OUTCOMES[index % OUTCOMES.length] ?? "ok", beforeMs: 0.1 }));
  }
  recorder.hidden("learn:GET stream");
  recorder.delivered(0.4);
  recorder.gauges(gauges());
  recorder.failure({ name: SEARCH, outcome: "timeout", detail: "60 s" });
  const totals = await recorder.totals();
  await recorder.stop("run time", totals.operations);

  const record = readRun(recorder.dir);
  expect(recorder.dir).toBe(join(root, identity().id));
  expect(record.file).toMatchObject({ state: "complete", endReason: "run time", gaps: [], sessions: { peak: 4 } });
  expect(record.file.operations[SEARCH]?.count).toBe(5_000);
  expect(record.failures).toEqual([{ name: SEARCH, outcome: "timeout", samples: ["60 s"] }]);
  expect(record.file.harnessDelay).toMatchObject({ before: { count: 5_000 }, after: { count: 1 } });
  expect(loadRecording(record).recording.totals()).toEqual(totals);
  expect(await recorder.totals()).toEqual(totals);
  expect(warnings).toEqual([]);
});

test("the counts are exact at once, before the thread has seen anything", async () => {
  const recorder = await started();
  recorder.operation(sample());
  recorder.operation(sample());
  recorder.move(sample(), "assertion");
  recorder.hidden("learn:GET stream");
  expect(await recorder.totals()).toMatchObject({
    operations: { [SEARCH]: { ok: 1, assertion: 1 } },
    auth: {},
    authTimes: {},
    hidden: { "learn:GET stream": 1 },
  });
  await recorder.stop("run time", null);
  expect(readRun(recorder.dir).file.operations[SEARCH]).toMatchObject({ count: 2, failures: 1 });
});

test("durations are of all that was told until they were asked for, and of an ended run there are none", async () => {
  const recorder = await started();
  recorder.operation(sample({ serviceMs: 20 }));
  const [first, second] = await Promise.all([recorder.durations(), recorder.durations()]);
  expect(first).toEqual(second);
  expect(first?.operations.map(({ name, result, kind }) => [name, result, kind])).toEqual([
    [SEARCH, "ok", "service"],
    [SEARCH, "ok", "response"],
  ]);
  await recorder.stop("run time", null);
  expect(await recorder.durations()).toBeNull();
});

test("a part of a run lies in a folder of its own", async () => {
  const recorder = await started({}, { part: "worker-0" });
  await recorder.stop("run time", null);
  expect(recorder.dir).toBe(join(root, identity().id, "parts", "worker-0"));
  expect(readRun(recorder.dir).file.part).toBe("worker-0");
});

test("the record is on disk while the run goes on", async () => {
  const recorder = await started({ flushEveryMs: 5, postEveryMs: 5 });
  recorder.operation(sample());
  await vi.waitFor(() => expect(readRun(recorder.dir).file.operations[SEARCH]?.count).toBe(1));
  expect(readRun(recorder.dir).file.state).toBe("running");
  await recorder.stop("run time", null);
});

test("what the thread is too slow for loses its times, never its count", async () => {
  const recorder = await started({ mostWaiting: 4_000 });
  // Nothing is awaited: the thread's answers cannot arrive in between.
  for (let index = 0; index < 20_000; index++) recorder.operation(sample());
  await recorder.stop("run time", { [SEARCH]: { ok: 20_000 } });
  const { operations, gaps } = readRun(recorder.dir).file;
  expect(operations[SEARCH]?.outcomes.ok?.count).toBe(20_000);
  const timed = operations[SEARCH]?.outcomes.ok?.times.service?.count ?? 0;
  expect(timed).toBeLessThan(20_000);
  expect(gaps).toMatchObject([{ cause: "backlog", lostLatencies: 20_000 - timed }]);
  expect(warnings).toHaveLength(1);
});

test("a thread that dies is replaced, and the counts stay exact", async () => {
  const recorder = await started({ entry: DYING, flushEveryMs: 5, postEveryMs: 5 });
  recorder.operation(sample());
  await vi.waitFor(() => expect(readRun(recorder.dir).file.operations[SEARCH]?.count).toBe(1));
  recorder.hidden("learn:GET stream");
  recorder.operation(sample());
  recorder.failure({ name: SEARCH, outcome: "timeout", detail: "die" });
  await vi.waitFor(() => expect(warnings).toHaveLength(1));
  recorder.operation(sample());
  await recorder.stop("run time", { [SEARCH]: { ok: 3 } });
  const { operations, gaps, hidden, state } = readRun(recorder.dir).file;
  expect(state).toBe("complete");
  expect(operations[SEARCH]?.outcomes.ok?.count).toBe(3);
  expect(hidden).toEqual({ "learn:GET stream": 1 });
  expect(gaps.every(({ cause }) => cause === "thread-lost")).toBe(true);
});

test("a thread that dies while it completes the record is replaced by one that does", async () => {
  const recorder = await started({ entry: DYING });
  recorder.operation(sample());
  await recorder.stop("die", { [SEARCH]: { ok: 1 } });
  expect(readRun(recorder.dir).file).toMatchObject({
    state: "complete",
    endReason: "die",
    operations: { [SEARCH]: { count: 1, outcomes: { ok: { times: {} } } } },
    gaps: [{ cause: "thread-lost", lostLatencies: 1 }],
  });
});

test("a killed bridge's record is continued under its old totals and the tally", async () => {
  const first = await started({ flushEveryMs: 5, postEveryMs: 5 });
  first.operation(sample());
  await vi.waitFor(() => expect(readRun(first.dir).file.operations[SEARCH]?.count).toBe(1));
  const second = await started({ tally: { [SEARCH]: { ok: 1, bridge: 2 } } });
  second.operation(sample());
  expect((await second.totals()).operations).toEqual({ [SEARCH]: { ok: 2, bridge: 2 } });
  await second.stop("run time", { [SEARCH]: { ok: 2, bridge: 2 } });
  expect(readRun(second.dir).file).toMatchObject({
    reconciled: { [SEARCH]: { bridge: 2 } },
    gaps: [{ cause: "bridge-lost", lostLatencies: 2 }],
  });
});

test("what auth did is told apart at once, and Python's tally, which lacks it, takes none of it back", async () => {
  const recorder = await started();
  recorder.operation(sample());
  recorder.operation(sample({ name: TOKEN, serviceMs: 41 }));
  recorder.operation(sample({ name: TOKEN, serviceMs: 9, outcome: "auth" }));
  recorder.failure({ name: TOKEN, outcome: "auth", detail: "the issuer of tokens refused" });
  const totals = await recorder.totals();
  expect(totals).toMatchObject({
    operations: { [SEARCH]: { ok: 1 } },
    auth: { [TOKEN]: { ok: 1, auth: 1 } },
    authTimes: { [TOKEN]: { count: 2, sumMs: 50 } },
    hidden: {},
  });
  await recorder.stop("run time", totals.operations);
  expect(await recorder.totals()).toEqual(totals);
  const { file, failures } = readRun(recorder.dir);
  expect(file).toMatchObject({ auth: { [TOKEN]: { count: 2, failures: 1 } }, reconciled: {}, gaps: [] });
  expect(Object.keys(file.operations)).toEqual([SEARCH]);
  expect(failures).toEqual([{ name: TOKEN, outcome: "auth", samples: ["the issuer of tokens refused"] }]);
});

test("what auth did under a bridge that was killed stays in the record of its successor", async () => {
  const first = await started({ flushEveryMs: 5, postEveryMs: 5 });
  first.operation(sample({ name: TOKEN, serviceMs: 41 }));
  await vi.waitFor(() => expect(readRun(first.dir).file.auth[TOKEN]?.count).toBe(1));
  const second = await started({ tally: { [SEARCH]: { ok: 1 } } });
  second.operation(sample({ name: TOKEN, serviceMs: 9 }));
  expect(await second.totals()).toMatchObject({
    auth: { [TOKEN]: { ok: 2 } },
    authTimes: { [TOKEN]: { count: 2, sumMs: 50 } },
  });
  await second.stop("run time", { [SEARCH]: { ok: 1 } });
  const { auth, reconciled } = readRun(second.dir).file;
  expect(auth[TOKEN]?.outcomes.ok).toMatchObject({ count: 2, times: { service: { count: 2, sumMs: 50 } } });
  expect(reconciled).toEqual({ [SEARCH]: { ok: 1 } });
});

test("what auth did keeps its count when the thread that had it dies", async () => {
  const recorder = await started({ entry: DYING });
  recorder.operation(sample({ name: TOKEN }));
  await recorder.stop("die", {});
  expect(readRun(recorder.dir).file).toMatchObject({ state: "complete", auth: { [TOKEN]: { count: 1 } } });
});

test("a place that cannot be written is refused before the run begins", async () => {
  writeFileSync(join(root, identity().id), "");
  await expect(started()).rejects.toMatchObject({ code: "RECORD_NOT_WRITABLE" });
});

test("a record of another version is not touched", async () => {
  mkdirSync(join(root, identity().id));
  writeFileSync(join(root, identity().id, "run.json"), '{"schema": 2}');
  await expect(started()).rejects.toMatchObject({ code: "RECORD_SCHEMA", detail: { schema: 2, known: 1 } });
});

test.each(["../outside", "", ".", "a/b", "a\\b", "x".repeat(200)])("%j is no folder's name", async (id) => {
  await expect(started({}, { id })).rejects.toMatchObject({ code: "RECORD_BAD_NAME" });
  await expect(started({}, { part: id })).rejects.toMatchObject({ code: "RECORD_BAD_NAME" });
});

test("an entry that is no recorder is refused", async () => {
  await expect(started({ entry: join(root, "missing.ts") })).rejects.toMatchObject({ code: "RECORD_THREAD" });
});
