import { join } from "node:path";
import { expect, test } from "vitest";
import { intervalText, surestText } from "../../record/interval-text.ts";
import { PartWriter } from "../../record/part-writer.ts";
import { readRun } from "../../record/read-run.ts";
import { identity, newRoot, STARTED_AT, sample } from "./samples.ts";

test.each([
  [640, 1_100, "between 640 and 1,100 ms"],
  [640, null, "above 640 ms"],
  [null, 8.25, "below 8.3 ms"],
  [null, null, ""],
])("from %s to %s is told as %j", (lowMs, highMs, text) => {
  expect(intervalText({ lowMs, highMs })).toBe(text);
});

test("the name with the most answers is the one that is told, with how many there were", () => {
  const dir = join(newRoot(), "run");
  const { id, versions } = identity();
  const startSecond = Math.floor(Date.parse(STARTED_AT) / 1000);
  const writer = new PartWriter(dir, {
    ...{ id, part: null, versions: { ...versions }, plan: {}, servers: {} },
    ...{ startedAt: STARTED_AT, endedAt: "2026-03-01T10:00:10.250Z", endReason: null, lastSecond: startSecond + 10 },
  });
  for (let call = 0; call < 2_000; call++) {
    writer.record(sample({ serviceMs: 1 + (call % 200) }), startSecond + Math.floor(call / 200));
    if (call < 99) writer.record(sample({ name: "learn:ping" }), startSecond);
  }
  writer.complete(undefined);
  expect(surestText(readRun(dir))).toMatch(
    /^p99 of learn:tools\/call:search 198 ms, between 19\d and \d{3} ms \(95%, 2,000 answers\)$/,
  );
});
