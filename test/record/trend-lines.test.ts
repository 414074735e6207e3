import { expect, test } from "vitest";
import { pageOf } from "../../record/page.ts";
import type { ServerSecond } from "../../record/server-seconds.ts";
import { type Minute, minutesOf, trendLines, trendsOf } from "../../record/trend-lines.ts";
import { forget, simulated } from "../diagnosis/simulated-run.ts";

const second = (at: number, over: Partial<ServerSecond> = {}): ServerSecond => ({
  ...{ second: at, count: 10, failures: 0, calls: 10, p50Ms: 8, p99Ms: 20, sessions: 5 },
  ...over,
});

const seconds = (from: number, to: number, over: Partial<ServerSecond> = {}): ServerSecond[] =>
  Array.from({ length: to - from }, (_, index) => second(from + index, over));

test("a minute sums its counts, and one bad second does not stand for it", () => {
  const rows = [...seconds(0, 59), second(59, { p50Ms: 900, p99Ms: 900, failures: 6 })];
  expect(minutesOf(rows)).toEqual([{ minute: 0, count: 600, failures: 6, p50Ms: 8, p99Ms: 20 }]);
});

test("less than half a minute is none, nor is one without any answer", () => {
  const rows = [...seconds(0, 60), ...seconds(60, 120, { p50Ms: undefined, p99Ms: undefined }), ...seconds(120, 149)];
  expect(minutesOf(rows).map(({ minute }) => minute)).toEqual([0]);
});

const minutes = (count: number, of: (minute: number) => Partial<Minute>): Minute[] =>
  Array.from({ length: count }, (_, minute) => ({
    ...{ minute, count: 600, failures: 0, p50Ms: 8, p99Ms: 20 },
    ...of(minute),
  }));

/** The same up and down on every machine. */
const jitter = (minute: number): number => ((minute * 7919) % 11) / 10;

test("a steady rise is called out, with its pace", () => {
  expect(trendsOf(minutes(30, (minute) => ({ p99Ms: 20 + 2 * minute + jitter(minute) })))).toEqual([
    expect.stringMatching(/^trend: p99 rises by 2\.0 ms a minute \(95% \d\.\d ms to \d\.\d ms\)$/),
  ]);
});

test("failures that become more are called out, and a p50 that falls", () => {
  const found = trendsOf(minutes(20, (minute) => ({ failures: minute, p50Ms: 30 - minute })));
  expect(found.map((text) => text.split(" ").slice(0, 3).join(" "))).toEqual(["trend: p50 falls", "trend: the share"]);
});

test.each([
  ["stands still with some noise", (minute: number) => ({ p99Ms: 20 + 5 * jitter(minute) }), 30],
  ["rises by a little", (minute: number) => ({ p99Ms: 20 + minute / 30 }), 30],
  ["has one bad minute", (minute: number) => ({ p99Ms: minute === 12 ? 900 : 20 }), 30],
  ["rises in a run that is too short", (minute: number) => ({ p99Ms: 20 + 5 * minute }), 5],
])("nothing is called out when p99 %s", (_what, of, count) => {
  expect(trendsOf(minutes(count, of))).toEqual([]);
});

const run = (seconds: number) =>
  simulated({
    ...{ seed: 1, seconds, users: 2, spawnRate: 2, thinkMs: 900 },
    tools: [{ name: "search", weight: 1, p50Ms: 20, p90Ms: 30 }],
  });

test("a run of some minutes has a line, in ASCII and within the page; a short one has none", () => {
  const [long, short] = [run(250), run(100)];
  const lines = trendLines("learn", long, pageOf({ columns: 80 }));
  expect(lines.join(" ").replaceAll(/\s+/g, " ")).toMatch(
    /^ ?minutes 1 2 3 4 of tools\/call:search: p50 \d+ \d+ \d+ \d+, p99 \d+ \d+ \d+ \d+ ms, no failures$/,
  );
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(trendLines("learn", short, pageOf({}))).toEqual([]);
  forget(long);
  forget(short);
});
