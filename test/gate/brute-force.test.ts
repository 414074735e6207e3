import fc from "fast-check";
import { expect, test } from "vitest";
import { CONDITIONS, type Criterion, METRICS } from "../../gate/criterion.ts";
import { METRIC_RULES } from "../../gate/criterion-rules.ts";
import { namedCriterionText } from "../../gate/criterion-text.ts";
import { judge } from "../../gate/judge.ts";
import type { Outcome } from "../../record/reason.ts";
import type { Sample } from "../../record/sample.ts";
import { criteria } from "./criteria.ts";
import { resultsFolder, writeRecord } from "./written-record.ts";

/**
 * The gate against the plainest thing that could judge: a list of raw values, sorted. Records are written by the recorder
 * and read from disk; criteria go through the grammar. Thresholds equal to the raw value are drawn on purpose, among them
 * whole milliseconds, which are all that Azure's rows have. Histograms carry 3 significant digits, so no other threshold
 * is as close to a percentile.
 */

const RUNS = 200;
const NAMES = ["learn:initialize", "learn:tools/call:search", "github:tools/call:get me: 2", "a:ping"];
const NEVER_CALLED = "learn:tools/call:never";
const OUTCOMES: readonly Outcome[] = ["ok", "ok", "ok", "ok", "tool-error", "timeout", "cancelled", "connect"];
/** Widest bucket, as a share of its values. */
const BUCKET = 0.001;

const micros = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: 7 }), fc.double({ min: 1, max: 10, noNaN: true }))
    .map(([power, digits]) => Math.round(digits * 10 ** power)),
  fc.integer({ min: 1, max: 5000 }).map((ms) => ms * 1000),
  // Of many calls.
  fc.constantFrom(5, 2000, 2300).map((ms) => ms * 1000),
);

const sample = fc
  .record({
    name: fc.constantFrom(...NAMES),
    outcome: fc.constantFrom(...OUTCOMES),
    serviceUs: micros,
    endMs: fc.integer({ min: 0, max: 9000 }),
    hasEvent: fc.boolean(),
  })
  .map(
    ({ name, outcome, serviceUs, endMs, hasEvent }): Sample => ({
      name,
      outcome,
      endMs,
      bytesIn: 1,
      bytesOut: 1,
      // What never reached a socket has no times.
      ...(outcome !== "connect" && { serviceMs: serviceUs / 1000 }),
      ...(outcome !== "connect" && hasEvent && { firstEventMs: Math.max(1, Math.round(serviceUs / 2)) / 1000 }),
    }),
  );

interface Question extends Pick<Criterion, "metric" | "aggregate" | "condition" | "request"> {
  /** Of the actual value: where the threshold lies. */
  readonly factor: number;
}

const question: fc.Arbitrary<Question> = fc
  .record({
    metric: fc.constantFrom("response_time_ms", "response_time_ms", ...METRICS),
    pick: fc.nat(),
    condition: fc.constantFrom(...CONDITIONS),
    request: fc.constantFrom(null, null, ...NAMES, NEVER_CALLED),
    factor: fc.constantFrom(0.5, 0.996, 1, 1, 1.004, 2),
  })
  .map(({ metric, pick, ...rest }) => {
    const { aggregates } = METRIC_RULES[metric];
    return { metric, aggregate: aggregates[pick % aggregates.length] ?? aggregates[0], ...rest };
  });

const run = fc.record({
  // Not the usual size, which is ten: the high percentiles of a few samples are all their maximum.
  samples: fc.oneof(fc.array(sample, { maxLength: 3 }), fc.array(sample, { maxLength: 250, size: "max" })),
  questions: fc.array(question, { minLength: 1, maxLength: 6, size: "max" }),
  seconds: fc.integer({ min: 10, max: 100 }),
});

type Run = typeof run extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** The answer to a question from raw values; null when there is none. */
const rawAnswer = ({ samples, seconds }: Run, { metric, aggregate, request }: Question): number | null => {
  const asked = samples.filter(({ name }) => request === null || name === request);
  if (asked.length === 0) return null;
  const failures = asked.filter(({ outcome }) => outcome !== "ok").length;
  if (metric === "requests") return asked.length;
  if (metric === "requests_per_sec") return asked.length / seconds;
  if (metric === "error") return (100 * failures) / asked.length;
  if (metric === "success") return (100 * (asked.length - failures)) / asked.length;
  const times = asked
    .flatMap(({ serviceMs, firstEventMs }) => (metric === "latency" ? firstEventMs : serviceMs) ?? [])
    .map((ms) => Math.max(1, Math.round(ms * 1000)))
    .sort((a, b) => a - b);
  if (times.length === 0) return null;
  if (aggregate === "avg") return times.reduce((sum, us) => sum + us, 0) / 1000 / times.length;
  if (aggregate === "min") return (times[0] ?? 0) / 1000;
  if (aggregate === "max") return (times.at(-1) ?? 0) / 1000;
  // Nearest rank, in whole numbers: 99.9 / 100 has no exact double.
  const permyriad = Math.round(Number(aggregate.slice(1)) * 100);
  return (times[Math.ceil((permyriad * times.length) / 10_000) - 1] ?? 0) / 1000;
};

const isExact = ({ aggregate }: Question): boolean => !aggregate.startsWith("p") || aggregate === "percentage";

/** A threshold that the grammar can write: digits, no exponent. */
const thresholdFor = (question: Question, answer: number | null): number => {
  const most = METRIC_RULES[question.metric].most;
  if (answer === null) return 1;
  const at = Math.min(most, answer * question.factor);
  if (at === answer) return answer < 1e-6 ? 0 : answer;
  return Math.min(most, Number(at.toFixed(6)));
};

const HOLDS = {
  ">": (a: number, b: number) => a > b,
  "<": (a: number, b: number) => a < b,
  ">=": (a: number, b: number) => a >= b,
  "<=": (a: number, b: number) => a <= b,
};

test(`the verdict of ${RUNS} generated runs is that of raw values`, () => {
  const results = resultsFolder();
  const seen = { PASSED: 0, FAILED: 0, INVALID: 0 };
  let number = 0;
  fc.assert(
    fc.property(run, (drawn) => {
      const asked = drawn.questions.map((each) => {
        const answer = rawAnswer(drawn, each);
        return { each, answer, limit: thresholdFor(each, answer) };
      });
      const judged = asked.map(({ each, answer, limit }) =>
        answer === null ? "undetermined" : HOLDS[each.condition](answer, limit) ? "failed" : "passed",
      );
      const expected = judged.includes("failed") ? "FAILED" : judged.includes("undetermined") ? "INVALID" : "PASSED";

      number += 1;
      const record = writeRecord(results, drawn.samples, { seconds: drawn.seconds, id: `run-${number}` });
      const texts = asked.map(({ each, limit }) => namedCriterionText({ ...each, value: limit, isLocal: true }));
      const verdict = judge(record, criteria(...texts));
      expect(verdict.rows.map(({ status }) => status)).toEqual(judged);
      for (const [index, { answer, each }] of asked.entries()) {
        const told = verdict.rows[index]?.actualValue ?? null;
        expect(told === null).toBe(answer === null);
        const off = Math.abs((told ?? 0) - (answer ?? 0)) / Math.max(answer ?? 0, 1e-9);
        expect(off).toBeLessThanOrEqual(isExact(each) ? 1e-9 : BUCKET);
      }
      expect(verdict.result).toBe(drawn.samples.length === 0 ? "INVALID" : expected);
      seen[verdict.result] += 1;
    }),
    { numRuns: RUNS, seed: 20261121 },
  );
  // Each kind of verdict was among them, or the test says little.
  expect(Math.min(seen.PASSED, seen.FAILED, seen.INVALID)).toBeGreaterThan(RUNS / 20);
}, 60_000);
