import { afterAll, beforeAll, expect, test } from "vitest";
import type { MemoryRecord } from "../../record/facts/server-memory.ts";
import { mbText, memoryLines } from "../../record/memory-lines.ts";
import { pageOf } from "../../record/page.ts";
import type { RunRecord } from "../../record/read-run.ts";
import { forget, simulated } from "../diagnosis/simulated-run.ts";

let run: RunRecord;
beforeAll(() => {
  const tools = [{ name: "search", weight: 1, p50Ms: 20, p90Ms: 35 }];
  run = simulated({ seed: 1, seconds: 20, users: 4, spawnRate: 4, thinkMs: 20, tools });
});
afterAll(() => forget(run));

/** What is said where memory was read, or not, in a run of this length. */
const said = (memory: Partial<MemoryRecord> | null, minutes = 1, plan: RunRecord["file"]["plan"] = {}): string => {
  const endedAt = new Date(Date.parse(run.file.startedAt) + minutes * 60_000).toISOString();
  const whole = { from: "json", readings: [], failed: 0, why: null, ...memory };
  const facts = memory === null ? {} : { serverMemory: { learn: whole } };
  const record = { ...run, file: { ...run.file, facts, endedAt, plan } };
  return memoryLines("learn", record, pageOf({ columns: 80 }))
    .map((line) => line.trim())
    .join(" ");
};

const readings = (bytesASecond: number) =>
  Array.from({ length: 18 }, (_, index) => ({
    atMs: Date.parse(run.file.startedAt) + (index + 1) * 1000,
    bytes: 80e6 + index * bytesASecond,
  }));

test("nobody asked, in a short run: nothing is said", () => {
  expect(said(null)).toBe("");
});

test("a soak without a source says that memory was not measured", () => {
  expect(said(null, 10)).toBe("memory: not measured (no `memory` in loadtest.yaml)");
  expect(said(null, 1, { shape: "soak" })).toContain("not measured");
});

test("a source that never answered is said with its reason", () => {
  expect(said({ failed: 9, why: "HTTP 404" })).toBe("memory: not measured (HTTP 404)");
});

test("growth is put to both profiles, with what may be chance", () => {
  const text = said({ readings: readings(20e6), failed: 1 });
  expect(text).toMatch(
    /^memory: \d+ to 420 MB over [\d,]+ calls in \d+\.\d s; \+\d+ \(95% \d+ to \d+\) MB per 1,000 calls/,
  );
  expect(text).toMatch(/quick \(50 MB per 500 calls\): too much, \d+ MB; strict \(10 MB per 1,000 calls\): too much/);
  expect(text).toMatch(/; 1 readings? failed$/);
  expect(said({ readings: readings(0) })).toMatch(/quick \(.*\): within, 0 MB; strict \(.*\): within, 0 MB$/);
});

test("two readings have no trend", () => {
  expect(said({ readings: readings(0).slice(0, 2) })).toMatch(/too few readings for a trend$/);
});

test.each([
  [0, "0"],
  [1_234_567, "1.2"],
  [-40_000, "0"],
  [-2_500_000_000, "-2,500"],
  [99_600_000, "100"],
])("%d bytes are %s MB", (bytes, text) => {
  expect(mbText(bytes)).toBe(text);
});
