import { expect, test } from "vitest";
import { jsonValue, prometheusValue, textValue } from "../../../bridge/server-memory/page-values.ts";

test.each([
  ['{"rss":1234}', "/rss", 1234],
  ['{"a":[{"b/c":"5"}]}', "/a/0/b~1c", 5],
  ["77", "", 77],
])("%s at %j is %d", (text, pointer, bytes) => {
  expect(jsonValue(text, pointer)).toBe(bytes);
});

test.each([
  ["nothing", "/rss", "not JSON"],
  ['{"rss":1}', "/heap", "leads nowhere"],
  ['{"rss":1}', "/toString", "leads nowhere"],
  ['{"rss":-1}', "/rss", "no number"],
  ['{"rss":"many"}', "/rss", "no number"],
  ['{"rss":{}}', "/rss", "no number"],
])("%s at %j is refused: %s", (text, pointer, why) => {
  expect(() => jsonValue(text, pointer)).toThrow(why);
});

const METRICS = `# HELP process_resident_memory_bytes Resident memory size in bytes.
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 4.5056e+07
process_resident_memory_bytes_peak 9e9
nodejs_heap_space_size_bytes{space="old",pid="1"} 100
nodejs_heap_space_size_bytes{space="new",pid="1"} 20 1700000000000
`;

test.each([
  ["process_resident_memory_bytes", 45_056_000],
  ["nodejs_heap_space_size_bytes", 120],
  ['nodejs_heap_space_size_bytes{space="new"}', 20],
])("the metric %s is %d", (metric, bytes) => {
  expect(prometheusValue(METRICS, metric)).toBe(bytes);
});

const HEAP = `heap{area="x"} 1
heap{subarea="x"} 2
heap{area="y", zone = "{a}",} 4
heap{area="x\\"\\\\,\\n"} 8 1700000000.5
heap {area="x"} 16
heap-like 32
heap{area="x" 64
`;

test.each([
  ['heap{area="x"}', 17],
  ['heap{ area = "x" }', 17],
  ['heap{subarea="x"}', 2],
  ['heap{zone="{a}"}', 4],
  ['heap{area="y",zone="{a}"}', 4],
  ['heap{area="x\\"\\\\,\\n"}', 8],
  ["heap", 31],
  ["heap{}", 31],
])("of metrics with labels %s is %d", (metric, bytes) => {
  expect(prometheusValue(HEAP, metric)).toBe(bytes);
});

test("a metric with too many series, or a line that is none, costs no more than a reading", () => {
  expect(prometheusValue(`${"heap_other 1\n".repeat(10_000)}heap 2`, "heap")).toBe(2);
  expect(() => prometheusValue('heap{area="x"} 1\n'.repeat(10_000), "heap")).toThrow("more than 2000 series");
  expect(() => prometheusValue(`heap{area="${"x".repeat(1_000_000)}"} 1`, "heap")).toThrow("no such metric");
});

test("a metric that is not there is said to be missing", () => {
  expect(() => prometheusValue(METRICS, "process_resident")).toThrow("no such metric");
  expect(() => prometheusValue(METRICS, 'nodejs_heap_space_size_bytes{space="code"}')).toThrow("no such metric");
});

test.each([
  ["1234\n", null, 1234],
  ["anon 55\nfile 7\n", "file", 7],
  ["heap=3\nrss = 99\n", "rss", 99],
  ["VmPeak:\t 9 kB\nVmRSS:\t 2 kB\n", "VmRSS", 2048],
  ["rssPeak=9\nrss=4", "rss", 4],
])("the text %j with the key %j is %d", (text, key, bytes) => {
  expect(textValue(text, key)).toBe(bytes);
});

test.each([
  ["", null],
  ["max", null],
  ["rss=1", "heap"],
  ["heap=none", "heap"],
])("the text %j with the key %j is refused", (text, key) => {
  expect(() => textValue(text, key)).toThrow();
});
