import fc from "fast-check";
import { HistogramLogReader, JsHistogram } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { HIGHEST_US } from "../../record/buckets.ts";
import { decodeTimes, encodeTimes } from "../../record/hdr-encoding.ts";
import { KINDS, lineOf, logHead, parseLine, type Series, seriesOf, tagOf } from "../../record/latency-log.ts";
import { OUTCOMES } from "../../record/reason.ts";
import { Times } from "../../record/times.ts";
import { SEARCH } from "./samples.ts";

const START_SECOND = 1_772_359_200;

const microseconds = fc.integer({ min: 1, max: HIGHEST_US });

const timesOf = (values: readonly number[]): Times => {
  const times = new Times();
  for (const us of values) times.record(us);
  return times;
};

test("another library's log reader reads what we write, value by value", () => {
  fc.assert(
    fc.property(fc.array(microseconds, { minLength: 1, maxLength: 200 }), (values) => {
      const series = { name: SEARCH, outcome: "ok", kind: "service" } as const;
      const line = lineOf({ series, startSecond: START_SECOND, seconds: 1, times: timesOf(values) });
      const reader = new HistogramLogReader(logHead(START_SECOND * 1000 + 250) + line);
      const histogram = reader.nextIntervalHistogram();
      if (!(histogram instanceof JsHistogram)) throw new Error("the reader found no interval");
      expect(histogram.tag).toBe(tagOf(series));
      expect(histogram.totalCount).toBe(values.length);
      for (const percentile of [1, 50, 99]) {
        expect(histogram.getValueAtPercentile(percentile) / 1000).toBeCloseTo(
          Math.max(timesOf(values).percentileMs(percentile), histogram.getValueAtPercentile(percentile) / 1000),
          3,
        );
      }
      for (const [floor, count] of timesOf(values).buckets()) {
        expect(histogram.getCountAtIndex(histogram.countsArrayIndex(floor))).toBe(count);
      }
      expect(reader.nextIntervalHistogram()).toBeNull();
    }),
  );
});

test("what is encoded is decoded to the same buckets", () => {
  fc.assert(
    fc.property(fc.array(microseconds, { maxLength: 200 }), (values) => {
      expect(decodeTimes(encodeTimes(timesOf(values)))?.buckets()).toEqual(timesOf(values).buckets());
    }),
  );
});

test("a histogram in which any byte was changed is none", () => {
  const bytes = Buffer.from(encodeTimes(timesOf([1, 20_000, 20_001])), "base64");
  for (let at = 8; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8((changed.readUInt8(at) + 1) % 256, at);
    expect(decodeTimes(changed.toString("base64")), `byte ${at}`).toBeNull();
  }
});

test("a line keeps the exact maximum beside its buckets", () => {
  const series: Series = { half: "before" };
  const line = lineOf({ series, startSecond: START_SECOND, seconds: 1, times: timesOf([12_345_678]) });
  expect(parseLine(line.trimEnd())?.times.maxUs).toBe(12_345_678);
});

test("every name, outcome and kind comes back from its tag, which no reader can split", () => {
  const names = fc.string({ unit: "binary", maxLength: 20 }).map((name) => name.toWellFormed());
  fc.assert(
    fc.property(
      names,
      fc.constantFrom(...OUTCOMES),
      fc.constantFrom(...KINDS),
      fc.boolean(),
      (name, outcome, kind, isMoved) => {
        const tag = tagOf({ name, outcome, kind, isMoved });
        expect(tag).toMatch(/^[^\s,]*$/);
        expect(seriesOf(tag)).toEqual({ name, outcome, kind, isMoved });
      },
    ),
  );
});

test("a line cut anywhere is no line, never a wrong histogram", () => {
  const series = { name: SEARCH, outcome: "ok", kind: "service" } as const;
  const line = lineOf({ series, startSecond: START_SECOND, seconds: 1, times: timesOf([5, 70, 900_000]) }).trimEnd();
  for (let end = 0; end < line.length - 4; end++) expect(parseLine(line.slice(0, end))).toBeNull();
});

test("lines of others are left alone", () => {
  expect(parseLine("Tag=somebody,1.000,1.000,2.000,HISTFAAAABB4nJNpmSzMwMDAxAABzFCaCQBNHAE3")).toBeNull();
  expect(seriesOf("a;b")).toBeNull();
  expect(seriesOf("%zz;ok;service")).toBeNull();
});

test("the log starts before its first interval, or one reader takes the timestamps for relative", () => {
  const start = /StartTime: ([\d.]+)/.exec(logHead(START_SECOND * 1000 + 999))?.[1];
  expect(Number(start)).toBeLessThan(START_SECOND);
});
