import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PartWriter } from "../../record/part-writer.ts";
import { intervalsOf } from "../../record/percentile-intervals.ts";
import { loadRecording, type RunRecord, readRun, timelineRows } from "../../record/read-run.ts";
import { RecordError } from "../../record/record-error.ts";
import { FAILURES, LATENCIES, RUN, TIMELINE } from "../../record/record-files.ts";
import { runStartMs } from "../../record/run-start.ts";
import { summarize } from "../../record/summary.ts";
import { identity, newRoot, SEARCH, STARTED_AT, sample } from "./samples.ts";

const START_SECOND = Math.floor(Date.parse(STARTED_AT) / 1000);
const FILES = [RUN, LATENCIES, TIMELINE, FAILURES] as const;

/** Ten seconds: 20 answers, 5 timeouts, 2 operations that were never sent. */
const newRecord = (): string => {
  const { id, plan, versions, servers } = identity();
  const dir = join(newRoot(), id);
  const writer = new PartWriter(dir, {
    ...{ id, part: null, plan: { ...plan }, versions: { ...versions }, servers: { learn: { ...servers.learn } } },
    startedAt: STARTED_AT,
    endedAt: "2026-03-01T10:00:10.250Z",
    endReason: "run time",
    lastSecond: START_SECOND + 10,
  });
  for (let call = 0; call < 20; call++) writer.record(sample({ serviceMs: 10 + call }), START_SECOND + (call % 10));
  for (let call = 0; call < 5; call++) writer.record(sample({ outcome: "timeout" }), START_SECOND + call);
  for (let call = 0; call < 2; call++) {
    writer.record({ ...sample({ outcome: "auth" }), serviceMs: undefined, responseMs: undefined }, START_SECOND + call);
  }
  writer.failure({ name: SEARCH, outcome: "timeout", detail: "no answer in 60 s" });
  writer.complete(undefined);
  return dir;
};

/** Everything that a report does with it. */
const readAll = (dir: string): RunRecord => {
  const record = readRun(dir);
  loadRecording(record);
  intervalsOf(record);
  for (const _row of timelineRows(record));
  summarize(record);
  return record;
};

test.each([
  ["empty", (text: string) => text.slice(0, 0)],
  ["half", (text: string) => text.slice(0, text.length / 2)],
  ["full of zeros", (text: string) => "\0".repeat(text.length)],
])("a head that is %s is made again from the logs, and the record says so", (_what, tear) => {
  const dir = newRecord();
  const sound = readRun(dir).file;
  writeFileSync(join(dir, RUN), tear(readFileSync(join(dir, RUN), "utf8")));
  const { file, damage } = readAll(dir);
  expect(damage).toEqual([expect.stringMatching(/^run\.json is torn: .* what else stood in it is lost$/)]);
  const { ok, timeout, unknown } = file.operations[SEARCH]?.outcomes ?? {};
  expect(ok?.times.service).toMatchObject({
    count: 20,
    p50Ms: sound.operations[SEARCH]?.outcomes.ok?.times.service?.p50Ms,
  });
  expect([ok?.count, timeout?.count, unknown?.count]).toEqual([20, 5, 2]);
  expect(file).toMatchObject({ id: sound.id, startedAt: STARTED_AT, state: "running", endedAt: null });
});

test("a torn head without a timeline takes the run for as long as its log goes", () => {
  const dir = newRecord();
  truncateSync(join(dir, RUN), 10);
  rmSync(join(dir, TIMELINE));
  const { startedAt, updatedAt } = readRun(dir).file;
  expect(Date.parse(updatedAt) - Date.parse(startedAt)).toBeGreaterThan(9_000);
  expect(Date.parse(updatedAt) - Date.parse(startedAt)).toBeLessThan(11_000);
});

test.each(["99999999999999", "1e300", "-5"])("a row of second %s is damage, and no part of a torn run", (second) => {
  const dir = newRecord();
  const path = join(dir, TIMELINE);
  writeFileSync(path, readFileSync(path, "utf8").replace(/"second":9/, `"second":${second}`));
  truncateSync(join(dir, RUN), 10);
  const { updatedAt, startedAt } = readAll(dir).file;
  expect(Date.parse(updatedAt) - Date.parse(startedAt)).toBeLessThan(12_000);
});

test("a torn head beside a log that began in no year is refused with a code", () => {
  const dir = newRecord();
  truncateSync(join(dir, RUN), 10);
  const path = join(dir, LATENCIES);
  writeFileSync(
    path,
    readFileSync(path, "utf8")
      .replace(/, 2026-/, ", +275760-")
      .replace("03-01T10:00:00.250Z", "09-12T23:59:59.000Z"),
  );
  expect(() => readRun(dir)).toThrow(expect.objectContaining({ code: "RECORD_BROKEN" }));
});

test("a run that ended before it began is damage that its summary tells", () => {
  const dir = newRecord();
  const path = join(dir, RUN);
  const head = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...head, endedAt: "2026-03-01T09:00:00.000Z" }));
  const record = readAll(dir);
  expect(record.damage).toEqual([expect.stringContaining("ended before it began")]);
  expect(summarize(record)).not.toContain("-3");
});

test("a run whose head is torn is still the one that started last", () => {
  const dir = newRecord();
  truncateSync(join(dir, RUN), 10);
  expect(runStartMs(dir)).toBe(Date.parse(STARTED_AT));
});

test("a torn head with nothing beside it is refused", () => {
  const dir = newRecord();
  truncateSync(join(dir, RUN), 10);
  for (const name of [LATENCIES, TIMELINE]) rmSync(join(dir, name));
  expect(() => readRun(dir)).toThrow(expect.objectContaining({ code: "RECORD_BROKEN" }));
});

test("a log that kept its length and lost its end is damage", () => {
  const dir = newRecord();
  for (const name of [LATENCIES, TIMELINE]) {
    const bytes = readFileSync(join(dir, name));
    writeFileSync(join(dir, name), bytes.fill(0, bytes.length - 40));
  }
  const { file, damage } = readAll(dir);
  expect(damage).toEqual([`${LATENCIES} has an end that cannot be read`, `${TIMELINE} has an end that cannot be read`]);
  expect(file.operations[SEARCH]?.count).toBe(27);
});

test("a record whose files are cut anywhere opens as far as it goes and says so, or is refused with a code", () => {
  const whole = newRecord();
  const root = newRoot();
  const sizes = FILES.map((name) => readFileSync(join(whole, name)).length);
  let number = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...FILES.keys()),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      (at, share, isZeroed) => {
        const dir = join(root, String(number++));
        cpSync(whole, dir, { recursive: true });
        const path = join(dir, FILES[at] ?? RUN);
        const end = Math.floor(share * ((sizes[at] ?? 1) - 1));
        if (isZeroed) writeFileSync(path, readFileSync(path).fill(0, end));
        else truncateSync(path, end);
        try {
          expect(readAll(dir).damage).not.toEqual([]);
        } catch (error) {
          if (!(error instanceof RecordError)) throw error;
        }
      },
    ),
    { numRuns: 150 },
  );
});

test("a torn record with one wrong digit anywhere opens, or is refused with a code", () => {
  const whole = newRecord();
  truncateSync(join(whole, RUN), 10);
  const root = newRoot();
  const logs = [LATENCIES, TIMELINE] as const;
  let number = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...logs),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.constantFrom(..."0159-e."),
      (name, share, digit) => {
        const dir = join(root, String(number++));
        cpSync(whole, dir, { recursive: true });
        const bytes = readFileSync(join(dir, name));
        bytes[Math.floor(share * bytes.length)] = digit.charCodeAt(0);
        writeFileSync(join(dir, name), bytes);
        try {
          readAll(dir);
        } catch (error) {
          if (!(error instanceof RecordError)) throw error;
        }
      },
    ),
    { numRuns: 150 },
  );
});
