import { describe, expect, test } from "vitest";
import { AGGREGATES, CONDITIONS, METRICS } from "../../gate/criterion.ts";
import { METRIC_RULES, YAML_AGGREGATE } from "../../gate/criterion-rules.ts";
import { criterionText, namedCriterionText } from "../../gate/criterion-text.ts";
import { parseCriterion, splitName } from "../../gate/parse-criterion.ts";

const parse = (
  text: string,
  { request = null, isLocal = false }: { request?: string | null; isLocal?: boolean } = {},
) => parseCriterion(text, { request, isLocal });

describe("what is read", () => {
  test.each([
    ["avg(response_time_ms) > 300", "avg", "response_time_ms", ">", 300],
    ["avg (response_time_ms) > 300", "avg", "response_time_ms", ">", 300],
    ["avg( response_time_ms ) > 300", "avg", "response_time_ms", ">", 300],
    ["  p95(response_time_ms)>1000  ", "p95", "response_time_ms", ">", 1000],
    ["min(response_time_ms) < 5", "min", "response_time_ms", "<", 5],
    ["p999(response_time_ms) > 1000", "p99.9", "response_time_ms", ">", 1000],
    ["p99.9(response_time_ms) > 1000", "p99.9", "response_time_ms", ">", 1000],
    ["p9999(response_time_ms) > 1000", "p99.99", "response_time_ms", ">", 1000],
    ["percentage(error) > 0", "percentage", "error", ">", 0],
    ["percentage(error) > 100", "percentage", "error", ">", 100],
    ["avg(requests_per_sec) < 10", "avg", "requests_per_sec", "<", 10],
    ["count(requests) < 1000", "count", "requests", "<", 1000],
  ])("%s", (text, aggregate, metric, condition, value) => {
    expect(parse(text)).toEqual({ criterion: { aggregate, metric, condition, value, request: null, isLocal: false } });
  });

  test.each([
    ["percentage(success) < 99.95", 99.95],
    ["p99(latency) >= 250.5", 250.5],
    ["percentage(error) < 5", 5],
    ["p95(response_time_ms) <= 0.5", 0.5],
  ])("%s, when it is marked as local", (text, value) => {
    expect(parse(text, { isLocal: true })).toMatchObject({ criterion: { value, isLocal: true } });
    expect(parse(text)).toHaveProperty("fault");
  });

  test("every metric with every aggregate that it has, and its canonical text is read as the same", () => {
    for (const metric of METRICS) {
      for (const aggregate of METRIC_RULES[metric].aggregates) {
        for (const condition of CONDITIONS) {
          const request = "github:tools/call:get_me";
          const wanted = { aggregate, metric, condition, value: 12.5, request, isLocal: true } as const;
          expect(parse(criterionText(wanted), { request, isLocal: true })).toEqual({ criterion: wanted });
        }
      }
    }
  });
});

test.each(["learn:turn:research", "learn:arrival:LearnUser", "learn:auth/token"])(
  "a criterion on %s is for our gate alone: it stands in no row at Azure",
  (request) => {
    expect(parse("p95(response_time_ms) > 5", { request, isLocal: true })).toHaveProperty("criterion");
    expect(parse("p95(response_time_ms) > 5", { request })).toHaveProperty(
      "fault",
      expect.stringContaining("of which Azure gets no rows: mark it local: true"),
    );
  },
);

test("the text is what Azure's YAML tools take: p999 without its dot, one blank on each side of the condition", () => {
  const parsed = parse(" p99.9 ( response_time_ms )>1000", { request: "learn:ping" });
  expect("criterion" in parsed && criterionText(parsed.criterion)).toBe("p999(response_time_ms) > 1000");
  expect("criterion" in parsed && namedCriterionText(parsed.criterion)).toBe(
    "learn:ping: p999(response_time_ms) > 1000",
  );
});

describe("each refusal has a sentence of its own", () => {
  const LOCAL = "mark it local: true";
  test.each([
    ["", "is no criterion"],
    ["p95 response_time_ms > 5", "is no criterion"],
    ["response_time_ms > 5", "is no criterion"],
    ["p95(response_time_ms) 5", "is no criterion"],
    ["p95(response_time_ms) >", "is no criterion"],
    [`p95(response_time_ms) > ${"1".repeat(3000)}`, "is no criterion"],
    ["github:tools/call:get_me: p95(response_time_ms) > 5", "take the quotes away"],
    ["p95(responseTimeMs) > 5", "unknown metric responseTimeMs: did you mean response_time_ms?"],
    ["percentage(errors) > 5", "unknown metric errors: did you mean error?"],
    ["avg(cpu) > 5", "has an unknown metric: known are response_time_ms, latency"],
    ["p59(response_time_ms) > 5", "unknown aggregate p59: did you mean p50?"],
    ["median(response_time_ms) > 5", "unknown aggregate median: did you mean p50?"],
    ["p100(response_time_ms) > 5", "unknown aggregate p100: did you mean max?"],
    ["constructor(response_time_ms) > 5", "has an unknown aggregate: response_time_ms has avg, min, max, p50"],
    ["__proto__(response_time_ms) > 5", "has an unknown aggregate: response_time_ms has avg, min, max, p50"],
    ["avg(constructor) > 5", "has an unknown metric: known are"],
    ["Percentage(error) > 5", "unknown aggregate Percentage: did you mean percentage?"],
    ["p42424(response_time_ms) > 5", "has an unknown aggregate: response_time_ms has avg, min, max, p50"],
    ["avg(error) > 5", "error has no avg: write percentage of it"],
    ["percentage(response_time_ms) > 5", "response_time_ms has no percentage: write avg, min"],
    ["count(requests_per_sec) > 5", "requests_per_sec has no count: write avg of it"],
    ["p95(requests) > 5", "requests has no p95: write count of it"],
    ["p95(response_time_ms) == 5", "has the condition ==, which is none: write > or <"],
    ["p95(response_time_ms) => 5", "has the condition =>, which is none"],
    ["p95(response_time_ms) != 5", "has the condition !=, which is none"],
    [
      "p95(response_time_ms) > 300ms",
      "the unit ms behind the number: write the number alone, it is milliseconds already",
    ],
    ["p95(response_time_ms) > 2 s", "the unit s behind the number: write 2000, in milliseconds"],
    ["p95(response_time_ms) > 1.1s", "write 1100, in milliseconds"],
    ["p95(response_time_ms) > 1 min", "the unit min behind the number: write 60000, in milliseconds"],
    ["p95(response_time_ms) > 3 seconds", "write 3000, in milliseconds"],
    ["percentage(error) > 5 s", "it is percent already"],
    ["percentage(error) > 5%", "the unit % behind the number: write the number alone, it is percent already"],
    ["avg(requests_per_sec) < 5/s", "it is per second already"],
    [
      "avg(requests_per_sec) < 5 req/s",
      "the unit req/s behind the number: write the number alone, it is per second already",
    ],
    ["count(requests) < 5s", "it is a plain number"],
    ["p95(response_time_ms) > -5", "has a value below 0"],
    ["p95(response_time_ms) > - 5", "has a value below 0"],
    ["p95(response_time_ms) > 1e3", "has an exponent in its value: write 1000"],
    ["p95(response_time_ms) > 1e300", "has an exponent in its value: write its digits out"],
    ["p95(response_time_ms) > 1,000", "has marks between the digits of its value: write 1000"],
    ["p95(response_time_ms) > 1_000_000", "write 1000000"],
    ["p95(response_time_ms) > 1,5", "has a comma in its value: write 1.5"],
    ["p95(response_time_ms) > 0x10", "has text behind its value"],
    ["p95(response_time_ms) > 1000 and p99(response_time_ms) > 3", "a second criterion is an entry of its own"],
    ["p95(response_time_ms) > NaN", "has no plain number behind the condition"],
    ["p95(response_time_ms) > .5", "has no plain number behind the condition"],
    ["p95(response_time_ms) > five", "has no plain number behind the condition"],
    ["p95(response_time_ms) > 5 or so", "has text behind its value"],
    ["percentage(error) > 100.00000000000000000001", "has a value above 100, which error cannot reach"],
    ["percentage(error) > 101", "has a value above 100, which error cannot reach"],
    ["p95(response_time_ms) > 2147483648", "has a value above 2147483647"],
    ["p95(response_time_ms) >= 5", `the GitHub Action refuses and the az CLI reads as >: write >, or ${LOCAL}`],
    ["p95(response_time_ms) <= 5", `the az CLI reads as <: write <, or ${LOCAL}`],
    [
      "percentage(error) > 0.5",
      `has decimals, which the GitHub Action cuts off and the az CLI sends as they are: write a whole number, or ${LOCAL}`,
    ],
    ["avg(requests_per_sec) < 2.5", "has decimals"],
    ["avg(response_time_ms) > 0.99999999999999999999", "has decimals"],
    ["percentage(error) < 5", "would fail a run for having few errors"],
    ["percentage(success) < 99", "use percentage(error) >, or mark it local: true"],
    ["p95(latency) > 5", "use response_time_ms, or mark it local: true"],
  ])("%s", (text, sentence) => {
    const parsed = parse(text);
    expect("fault" in parsed && parsed.fault).toContain(sentence);
  });

  test.each([
    ["", "has an empty name"],
    ["  ", "has an empty name"],
    [" learn:ping", "has blanks around the name"],
    ["learn:\u0007ping", "none of them a control character"],
    ["x".repeat(501), "at most 500 characters"],
  ])("the name %j", (request, sentence) => {
    const parsed = parse("avg(response_time_ms) > 5", { request });
    expect("fault" in parsed && parsed.fault).toContain(sentence);
  });

  test("names with blanks, colons and slashes are names", () => {
    expect(parse("avg(response_time_ms) > 5", { request: "a:resources/read:my file: 2" })).toHaveProperty("criterion");
  });
});

test("no refusal quotes what may be the value of a variable", () => {
  for (const text of [
    "avg(S3cretS3cret) > 5",
    "S3cretS3cret(error) > 5",
    "percentage(error) > S3cretS3cret",
    "percentage(error) > 5 S3cretS3cret",
    "S3cretS3cret",
  ]) {
    const parsed = parse(text);
    expect("fault" in parsed ? parsed.fault : "S3cret").not.toContain("S3cret");
  }
});

test.each([
  ["avg(response_time_ms) > 5", null, "avg(response_time_ms) > 5"],
  ["learn:ping: avg(response_time_ms) > 5", "learn:ping", "avg(response_time_ms) > 5"],
  ["a:tools/call:x y: p99.9( latency ) >= 5", "a:tools/call:x y", "p99.9( latency ) >= 5"],
  ["learn:ping", null, "learn:ping"],
])("typed in one piece, %s is split at its name", (text, request, rest) => {
  expect(splitName(text)).toEqual({ request, rest });
});

test("the rules know every metric, and every spelling is of an aggregate", () => {
  expect(Object.keys(METRIC_RULES).sort()).toEqual([...METRICS].sort());
  for (const known of Object.keys(YAML_AGGREGATE)) expect(AGGREGATES).toContain(known);
  expect(new Set(Object.values(METRIC_RULES).flatMap(({ aggregates }) => [...aggregates]))).toEqual(
    new Set(AGGREGATES),
  );
});
