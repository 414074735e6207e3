import { rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { HistogramLogReader } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { mergeParts } from "../../record/merge-parts.ts";
import { PartWriter } from "../../record/part-writer.ts";
import { intervalsOf } from "../../record/percentile-intervals.ts";
import { readRun } from "../../record/read-run.ts";
import { readIfThere } from "../../record/record-files.ts";
import type { TimesSummary } from "../../record/times.ts";
import { identity, newRoot, SEARCH, STARTED_AT, sample } from "./samples.ts";

const START_SECOND = Math.floor(Date.parse(STARTED_AT) / 1000);
const SECONDS = 10;
const RUNS = process.env.SWARMBRIDGE_LONG === undefined ? 5 : 100;
/** 3 significant digits. */
const PRECISION = 0.001;

/** Service times in µs, of servers as there are: even, with a long tail, of two kinds, all the same. */
const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const microseconds = fc.oneof(
  unit.map((share) => Math.round(1_000 + share * 100_000)),
  unit.map((share) => Math.min(3_600_000_000, Math.round(20_000 * (1 - share) ** -2))),
  fc.tuple(fc.boolean(), unit).map(([isSlow, share]) => Math.round((isSlow ? 800_000 : 5_000) * (1 + share / 10))),
  fc.constant(40_000),
);

const write = (runDir: string, part: string, times: readonly number[]): void => {
  const { id, plan, versions } = identity();
  const writer = new PartWriter(join(runDir, "parts", part), {
    ...{ id, part, plan: { ...plan }, versions: { ...versions }, servers: {} },
    ...{ startedAt: STARTED_AT, endedAt: "2026-03-01T10:00:10.250Z", endReason: "run time" },
    lastSecond: START_SECOND + SECONDS,
  });
  for (const [index, us] of times.entries()) {
    writer.record(sample({ serviceMs: us / 1000, responseMs: us / 1000 }), START_SECOND + (index % SECONDS));
  }
  writer.complete(undefined);
};

const PERCENTILES = { p50Ms: 50, p90Ms: 90, p95Ms: 95, p99Ms: 99 } as const satisfies Partial<
  Record<keyof TimesSummary, number>
>;

test("values split over 1 to 16 recorders give the percentiles of one, and the true ones within the precision", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(microseconds, fc.nat(15)), { minLength: 1, maxLength: 400, size: "max" }),
      fc.integer({ min: 1, max: 16 }),
      (values, recorders) => {
        const runDir = newRoot();
        const all = values.map(([us]) => us);
        for (let index = 0; index < recorders; index++) {
          const share = values.filter(([, to]) => to % recorders === index).map(([us]) => us);
          if (share.length > 0) write(runDir, `worker-${index}`, share);
        }
        write(join(runDir, "one"), "all", all);
        const merged = mergeParts(runDir);
        const one = readRun(join(runDir, "one", "parts", "all")).file.operations[SEARCH];
        const operation = merged.file.operations[SEARCH];
        expect(operation?.count).toBe(all.length);
        expect(operation).toEqual(one);
        const sorted = all.toSorted((a, b) => a - b);
        for (const [key, percentile] of Object.entries(PERCENTILES) as [keyof typeof PERCENTILES, number][]) {
          const trueMs = (sorted[Math.ceil((percentile / 100) * sorted.length) - 1] ?? 0) / 1000;
          const ms = operation?.outcomes.ok?.times.service?.[key] ?? 0;
          expect(ms).toBeGreaterThanOrEqual(trueMs);
          expect(ms).toBeLessThanOrEqual(trueMs * (1 + PRECISION));
        }
        expect(intervalsOf(merged).get(SEARCH)?.count).toBe(all.length);
        expect(countInLog(join(runDir, "latency.hlog"))).toBe(all.length);
        rmSync(runDir, { recursive: true });
      },
    ),
    { numRuns: RUNS },
  );
}, 120_000);

/** As another library counts the service times of a log. */
const countInLog = (path: string): number => {
  const reader = new HistogramLogReader(readIfThere(path) ?? "");
  let count = 0;
  for (let each = reader.nextIntervalHistogram(); each !== null; each = reader.nextIntervalHistogram()) {
    if (each.tag.endsWith(";service")) count += each.totalCount;
  }
  return count;
};
