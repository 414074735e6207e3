import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunRecord } from "../../record/read-run.ts";
import { OUTCOMES, REASONS } from "../../record/reason.ts";
import { Recording } from "../../record/recording.ts";
import type { RunFile } from "../../record/run-file.ts";
import type { Sample } from "../../record/sample.ts";
import { arrivalName } from "../../record/section.ts";
import { summarize } from "../../record/summary.ts";
import { identity, SEARCH, STARTED_AT, sample } from "./samples.ts";

const recordOf = (samples: readonly Sample[], fields: Partial<RunFile> = {}): RunRecord => {
  const recording = new Recording();
  for (const each of samples) recording.record(each);
  return {
    dir: "results/20260301-100000-demo",
    failures: [],
    damage: [],
    file: {
      schema: 1,
      ...identity(),
      plan: {},
      versions: {},
      servers: { learn: { url: "http://127.0.0.1:4310/mcp" } },
      state: "complete",
      endReason: "run time",
      startedAt: STARTED_AT,
      endedAt: "2026-03-01T10:00:30.250Z",
      updatedAt: "2026-03-01T10:00:30.250Z",
      ...recording.toRunFile(),
      sessions: { peak: 4, leftOpen: 0, byServer: { learn: { peak: 4, leftOpen: 1 } } },
      generator: {
        seconds: 30,
        eventLoopDelayP99Ms: { mean: 1, max: 2 },
        eventLoopDelayMaxMs: 4,
        bridgeCpu: { mean: 0.1, max: 0.2 },
        locustCpu: null,
        bridgeRssBytes: { mean: 8e7, max: 9e7 },
        usersPeak: 4,
      },
      parts: [],
      files: { latencyBytes: 0, timelineBytes: 0 },
      ...fields,
    },
  };
};

const HANDSHAKE = sample({ name: "learn:initialize", serviceMs: 44 });
const many = (count: number, fields: Partial<Sample> = {}): Sample[] =>
  Array.from({ length: count }, () => sample(fields));

const lineWith = (text: string, part: string): string => text.split("\n").find((line) => line.includes(part)) ?? "";

test("a record below the working folder is shown by the path that one would type, another by its whole path", () => {
  const shownFor = (dir: string) => lineWith(summarize({ ...recordOf(many(1)), dir }), "record  ");
  expect(shownFor(join(process.cwd(), "results", "demo"))).toBe("record         results/demo");
  expect(shownFor("/elsewhere/results/demo")).toMatch(/ \/elsewhere\/results\/demo$/);
  expect(shownFor(join(process.cwd(), "..", "beside"))).toContain(join(process.cwd(), "..", "beside"));
});

test("a run without failures says so first, and where its record lies last", () => {
  const lines = summarize(recordOf([HANDSHAKE, ...many(120)]), { columns: 100 })
    .trimEnd()
    .split("\n");
  expect(lines[0]).toBe("4 sessions of 4 users, 121 operations in 30.0 s, no failures, generator ok, 4.0/s");
  expect(lines.at(-1)).toBe("record         results/20260301-100000-demo");
});

test("a generator that had too much to do is said before everything else", () => {
  const record = recordOf(many(10));
  const generator = { ...record.file.generator, locustCpu: { mean: 0.93, max: 1 } };
  const lines = summarize({ ...record, file: { ...record.file, generator } }).split("\n");
  expect(lines[0]).toBe("generator saturated: Locust used 90% or more of its core on average over the run");
  expect(lines.join(" ")).not.toContain("generator ok");
});

test("a generator that nobody measured is said to be so", () => {
  const record = recordOf(many(10));
  const generator = { ...record.file.generator, seconds: 0 };
  const text = summarize({ ...record, file: { ...record.file, generator } });
  expect((text.split("\n2026")[0] ?? "").replaceAll("\n", " ")).toContain("generator not measured");
});

test("a server's sessions stand above its operations, with the handshake's times", () => {
  const text = summarize(recordOf([HANDSHAKE, HANDSHAKE, ...many(120)]));
  expect(text).toContain("sessions: 2 opened, peak 4, 1 left open; handshake p50 44 ms, p95 ~44 ms");
  expect(text.indexOf("sessions:")).toBeLessThan(text.indexOf("search"));
});

test("a percentile that the samples cannot carry is marked, and the mark is explained", () => {
  expect(lineWith(summarize(recordOf(many(99))), "  search")).toMatch(/99 +\. +20 +20 +20 +~20 +20$/);
  expect(lineWith(summarize(recordOf(many(100))), "  search")).toMatch(/100 +\. +20 +20 +20 +20 +20$/);
  expect(summarize(recordOf(many(99)))).toContain("too few ok answers to carry this percentile");
  expect(summarize(recordOf(many(100)))).not.toContain("~");
});

test("percentiles are those of ok answers alone", () => {
  const text = summarize(recordOf([...many(100), ...many(100, { outcome: "timeout", serviceMs: 60_000 })]));
  expect(lineWith(text, "  search")).toMatch(/200 +100 +20 +20 +20 +20 +20$/);
});

test.each(OUTCOMES.filter((outcome) => outcome !== "ok" && outcome !== "cancelled"))(
  "the reason %s is told with its sentence",
  (outcome) => {
    const text = summarize(recordOf(many(3, { outcome })), { columns: 120 });
    expect(lineWith(text, `  ${outcome}  `)).toMatch(/^ {2}3 {2}/);
    expect(text).toContain(REASONS[outcome].text);
  },
);

test("a failure's example is shown once, cut to the line", () => {
  const record = recordOf(many(3, { outcome: "tool-error" }));
  const failures = [
    { name: SEARCH, outcome: "tool-error" as const, samples: [`bad ${"x".repeat(400)}`, "another example"] },
  ];
  const text = summarize({ ...record, failures });
  expect(text).toContain("e.g. bad xxx");
  expect(text).not.toContain("another example");
});

test("without an slo our default is used, and named as ours once for all servers", () => {
  const text = summarize(recordOf([...many(3), ...many(3, { name: "github:ping" })]), { columns: 120 });
  expect(text).toContain("slo within: p99 20 of 5,000 ms (search), failures 0% of 1%\n");
  expect(text).toContain("slo within: p99 20 of 5,000 ms (ping), failures 0% of 1%\n");
  expect(text.match(/our defaults, p99 5 s and 1% failures, where a server has none/g)).toHaveLength(1);
  const servers = { learn: { url: "https://learn.example/mcp", slo: { p99Ms: 10 } } };
  expect(summarize(recordOf(many(3), { servers }))).not.toContain("our defaults");
});

test("what was cut off before its answer is told apart, and held against nobody", () => {
  const text = summarize(recordOf([...many(99), ...many(1, { outcome: "cancelled" })]), { columns: 120 });
  expect(text.split("\n")[0]).toBe(
    "4 sessions of 4 users, 100 operations in 30.0 s, no failures, generator ok, 1 cut off before the answer, 3.3/s",
  );
  expect(lineWith(text, "  search")).toMatch(/100 +\. /);
  expect(text).toContain("slo within: p99 20 of 5,000 ms (search), failures 0% of 1%");
  expect(text).not.toMatch(/^failures$/m);
  expect(text).toContain(`no failure of a server: ${SEARCH} 1`);
});

test.each([
  "the load shape ended",
  "SIGTERM; run time reached; the bridge was lost and stayed down until the very end",
])("the reason of the end is told whole at 80 columns: %s", (endReason) => {
  const text = summarize(recordOf(many(3), { endReason, id: "20260301-100000-some-longer-name-ab2c" }));
  expect(text.replaceAll("\n", " ")).toContain(`ended: ${endReason}`);
});

test("under an arrival rate limits are held against the response time, which has the queue in it", () => {
  const start = sample({ name: arrivalName("learn", "Slow"), serviceMs: 1, responseMs: 1 });
  const servers = { learn: { url: "https://learn.example/mcp", slo: { p99Ms: 500 } } };
  const samples = [start, ...many(100, { serviceMs: 100, responseMs: 1168 })];
  const text = summarize(recordOf(samples, { servers }), { columns: 120 });
  expect(text).toContain("slo broken: p99 1,168 of 500 ms (search, response time)\n");
  expect(text).not.toContain("slo within");
});

test("a run that dropped planned starts says so first, and is not green", () => {
  const dropped = sample({ name: arrivalName("learn", "Slow"), outcome: "dropped", serviceMs: undefined });
  const headlineOf = (samples: readonly Sample[]) =>
    summarize(recordOf(samples), { columns: 120, color: true }).split("\n")[0];
  const yellow = headlineOf([...many(10), dropped, dropped]);
  expect(yellow).toContain("no failures, 2 starts dropped");
  expect(yellow).toContain("\u001b[33m");
  expect(headlineOf(many(10))).toContain("\u001b[32m");
  expect(headlineOf([...many(1, { outcome: "timeout" }), dropped])).toContain("\u001b[31m");
});

test("a server's own limits are judged, broken ones apart from kept ones", () => {
  const servers = { learn: { url: "https://learn.example/mcp", slo: { p95Ms: 10, errorPercent: 60 } } };
  const text = summarize(recordOf([...many(3), ...many(3, { outcome: "timeout" })], { servers }), { columns: 120 });
  expect(text).toContain("slo broken: p95 20 of 10 ms (search)\n");
  expect(text).toContain("slo within: failures 50% of 60%\n");
  expect(text).not.toContain("loopback");
});

test("without a single ok answer no percentile is said to be within anything", () => {
  const text = summarize(recordOf(many(3, { outcome: "timeout" })));
  expect(text).toContain("slo broken: failures 100% of 1%");
  expect(text).not.toContain("slo within");
});

test("a harness delay that nobody measured is not zero", () => {
  expect(summarize(recordOf(many(3)), { columns: 120 })).toContain("before sending not measured; after the answer");
});

test("a target on loopback is named as such", () => {
  expect(summarize(recordOf(many(3)))).toContain("[loopback: no network latency]");
});

test("what was lost, left running or damaged is told", () => {
  const record = recordOf(many(3), {
    gaps: [{ at: "2026-03-01T10:00:12.000Z", cause: "bridge-lost", lostLatencies: 2 }],
    parts: [{ part: "worker-1", state: "running", updatedAt: STARTED_AT }],
  });
  const text = summarize({ ...record, damage: ["timeline.jsonl is cut"] }, { columns: 140 });
  expect(text).toContain("10:00:12 a bridge was lost: 2 operations are counted without times; the counts are exact");
  expect(text).not.toContain("given up");
  expect(text).toContain("worker-1 did not end");
  expect(text).toContain("timeline.jsonl is cut");
});

test("where there were tokens, a gap speaks of them, too", () => {
  const gaps = [{ at: "2026-03-01T10:00:12.000Z", cause: "bridge-lost" as const, lostLatencies: 2 }];
  const text = summarize(recordOf([...many(3), sample({ name: "learn:auth/token" })], { gaps }), { columns: 140 });
  expect(text).toContain("2 operations and tokens are counted without times; the counts are exact");
});

test("no count is called exact when Locust's side gave operations up", () => {
  const gaps = [{ at: "2026-03-01T10:00:12.000Z", cause: "at-stop" as const, lostLatencies: 0 }];
  const reconciled = { [SEARCH]: { ok: -2, bridge: 2 } };
  const text = summarize(recordOf(many(3), { gaps, reconciled }), { columns: 140 });
  expect(lineWith(text, "given up")).toContain("2 operations without an end that Locust saw count as `bridge`");
  expect(text).not.toContain("exact");
});

test("Locust's own statistics are mentioned only where they differ, with names and numbers", () => {
  const record = recordOf([...many(3), HANDSHAKE]);
  expect(summarize(record, { locust: { [SEARCH]: [3, 0], "learn:initialize": [1, 0] } })).not.toContain("Locust's own");
  const text = summarize(record, { locust: { [SEARCH]: [2, 1], "learn:initialize": [1, 0] }, columns: 140 });
  expect(text).toContain("Locust's own statistics differ from this record:\n");
  const parts = [{ part: "worker-0", state: "complete" as const, updatedAt: STARTED_AT }];
  const ended = { ...record, file: { ...record.file, parts, endReason: "SIGTERM" } };
  const told = summarize(ended, { locust: {}, columns: 140 });
  expect(told).toContain("differ from this record: on SIGTERM Locust loses a worker's last seconds:");
  expect(text).toContain(`${SEARCH} 2 (1 failed) against 3 (0)`);
});

test("what auth did stands with its server, and in no count, table or comparison", () => {
  const auth = [
    sample({ name: "learn:auth/token", serviceMs: 9_000 }),
    sample({ name: "learn:auth/renewal", outcome: "auth" }),
  ];
  const locust = { [SEARCH]: [3, 0], "learn:auth/token": [7, 7] } as const;
  const text = summarize(recordOf([...many(3), ...auth]), { locust, columns: 120 });
  expect(text.split("\n")[0]).toBe("4 sessions of 4 users, 3 operations in 30.0 s, no failures, generator ok, 0.1/s");
  expect(text.match(/auth/g)).toHaveLength(1);
  expect(text).toContain("  auth: 1 token (9,000 ms), 1 renewal failed\n");
  expect(text).toContain("slo within: p99 20 of 5,000 ms (search), failures 0% of 1%");
});

test("a server whose credential was all that was tried is shown without a table", () => {
  const text = summarize(recordOf([sample({ name: "learn:auth/token", outcome: "auth" })]));
  expect(text).toContain("auth: 1 token failed");
  expect(text).not.toMatch(/ok answers|slo within/);
});

test("hidden requests are counted apart", () => {
  const text = summarize(recordOf(many(3), { hidden: { "learn:GET stream": 2, "github:GET stream": 1 } }), {
    columns: 120,
  });
  expect(text).toContain("3 requests that MCP made on its own (1.00 per operation), not counted above: GET stream 3");
});

test.each([80, 100, 120, 140])("no line but a path is longer than %i columns", (columns) => {
  const samples = [
    ...many(3, { name: `learn:tools/call:${"long_tool_name_".repeat(12)}` }),
    ...many(1_234_567 % 1000, { name: "learn:tools/list", outcome: "http-429" }),
    HANDSHAKE,
  ];
  const lines = summarize(recordOf(samples, { id: "x".repeat(120) }), { columns }).split("\n");
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
});

test("a name cannot repaint the terminal", () => {
  const text = summarize(recordOf(many(3, { name: "learn:tools/call:a\u001b[2Jb\u001b]0;title\u0007c\rd\u202ee" })));
  expect(text).toContain("abc d e");
  expect(text).toMatch(/^[\n\x20-\x7e]*$/);
});

test("colour is only there when it is asked for", () => {
  expect(summarize(recordOf(many(3)), { color: true })).toContain("\u001b[");
});

test("a run in which nothing happened is still a summary", () => {
  expect(summarize(recordOf([]))).toContain("0 operations in 30.0 s");
});

test.each(["constructor", "toString", "__proto__"])("a server named %s has a summary as any other", (name) => {
  const facts = { connections: {}, isolation: {}, serverMemory: {}, fromServer: {}, tools: {} };
  const sessions = { peak: 0, leftOpen: 0, byServer: {} };
  const record = recordOf([sample({ name: `${name}:tools/call:search` })], { servers: {}, sessions, facts });
  const text = summarize(record);
  expect(text).toContain(name);
  expect(text).toContain("server memory");
  expect(text).not.toMatch(/undefined|NaN|native code/);
});
