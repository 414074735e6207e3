import { expect, test } from "vitest";
import { foundOf } from "../../../capacity/ceiling/ceiling-file.ts";
import { arrivalName } from "../../../record/section.ts";
import type { Surroundings } from "../../../report/context.ts";
import { answersSection } from "../../../report/section/answers.ts";
import { LIMITS, step } from "../../capacity/ceiling/measures.ts";
import { many, writtenRun } from "../../record/written-run.ts";
import { contextFor, linesOf } from "../said.ts";

const answers = (record: ReturnType<typeof writtenRun>, around: Partial<Surroundings> = {}): string[] =>
  linesOf(answersSection(contextFor(record, around)));

const TIMEOUT = { outcome: "timeout", serviceMs: 900, responseMs: 901 } as const;

test("a run that kept its limits says what it carried, and that this is not what can be carried", () => {
  const lines = answers(writtenRun(many(200, { serviceMs: 20 })));
  expect(lines).toContain(
    "learn carried 4 sessions at once and 20.0 operations a second within its limits: p99 20 of 5,000 ms (search), failures 0% of 1%.",
  );
  expect(lines).toContain(
    "This is what was carried at the load of this run. What can be carried, a search for the ceiling says.",
  );
  expect(lines).toContain("Find how much learn can carry: swarmbridge ceiling learn.");
  expect(lines).toContain("No figure of this run looks like a fault that has a name.");
});

test("sessions come first among the figures, then success, latency, and throughput last", () => {
  const figures = answers(writtenRun([...many(199, { serviceMs: 20 }), TIMEOUT])).slice(0, 4);
  expect(figures).toEqual([
    "4 sessions at once, at most",
    "99.5% of the operations succeeded (1 of 200 failed)",
    "20 ms p95 of tool calls, service time (p50 20 ms, 199 ok answers, all servers)",
    expect.stringMatching(/^\d+\.\d operations a second$/),
  ]);
});

test("a search for the ceiling answers before the run does, and is not asked for again", () => {
  const found = foundOf({
    ...{ schema: 1, id: "20260228-120000-ceiling-abcd", server: "learn", shape: "sessions", limits: LIMITS },
    ...{ stepMs: 60_000, startedAt: "2026-02-28T12:00:00.000Z", state: "complete" },
    steps: [step(5, 200), step(10, 9000)] as never,
  });
  const lines = answers(writtenRun(many(200, {})), { ceilingOf: (server) => (server === "learn" ? found : null) });
  const at = lines.indexOf("What does it carry?");
  expect(lines[at + 1]).toMatch(/^learn: ceiling 10: 5 sessions are carried within .* \(searched 2026-02-28\)\.$/);
  expect(lines.join("\n")).not.toContain("swarmbridge ceiling");
  expect(lines).toContain("learn, in the search for its ceiling: p99 was over the limit at 10 sessions.");
  expect(lines.find((line) => line.startsWith("Start a further replica"))).toMatch(
    /before one has more than \d sessions?/,
  );
});

test("a broken limit is what was not carried, with the most failures and what is furthest over", () => {
  const lines = answers(writtenRun([...many(90, { serviceMs: 20 }), ...many(10, TIMEOUT)]));
  expect(lines.find((line) => line.startsWith("learn did not carry"))).toContain("failures 10% where 1% is allowed.");
  expect(lines).toContain("Most failures: learn:tools/call:search with timeout, 10 of 10 (100%).");
  expect(lines).toContain(
    "Furthest over its limit: learn, failures 10% where 1% is allowed: 10 times what is allowed.",
  );
  expect(lines.find((line) => line.includes("the figures name no cause"))).toContain(
    "success comes before any latency",
  );
});

test("what a saturated generator measured is said above all, and is no server's", () => {
  const lines = answers(writtenRun(many(200, { serviceMs: 900 }), { gauges: { locustCpu: 1 } }));
  expect(lines[0]).toMatch(/^The times and rates below cannot be believed, only the counts of failures: .*Locust/);
  expect(lines.find((line) => line.startsWith("learn: not known"))).toContain("what the generator could make");
  expect(lines.join("\n")).not.toMatch(/ carried|limit/);
  expect(lines[lines.indexOf("What to do next?") + 1]).toMatch(/^Give the load generator room, and run again: /);
});

test("a slow tool is profiled before replicas are added", () => {
  const slow = many(20, { name: "learn:tools/call:report", serviceMs: 600 });
  const lines = answers(writtenRun([...slow, ...many(20, { serviceMs: 50 })]));
  expect(lines[lines.indexOf("What to do next?") + 1]).toBe(
    "Profile report before adding replicas: its p50 of 600 ms is 12 times that of the other tool of learn (50 ms), and it takes 92% of the time in tool calls.",
  );
});

test("a percentile of few answers is said to be one, and a fleet of servers does not fill the page", () => {
  const lines = answers(writtenRun([{ serviceMs: 20 }]));
  expect(lines.join("\n")).toContain("p99 20 of 5,000 ms (search), of 1 answer only");
  const fleet = Array.from({ length: 40 }, (_, at) => ({ name: `server${at}:ping` }));
  expect(answers(writtenRun(fleet))).toContain("and 29 more, below");
});

test("whoever set no limits is asked for them, and whoever did is not", () => {
  const asked = /^Say what learn may promise \(slo\)/;
  expect(answers(writtenRun(many(100, {}))).at(-1)).toMatch(asked);
  const servers = { learn: { url: "http://127.0.0.1:1/mcp", slo: { p99Ms: 800 } } };
  expect(answers(writtenRun(many(100, {}), { identity: { servers } })).at(-1)).not.toMatch(asked);
});

test("of a run in which nothing ended nothing is claimed", () => {
  expect(answers(writtenRun([]))).toContain("Nothing: no operation ended in this run.");
});

test("of a server whose every call was cut off it is said, and no limit of it is called kept", () => {
  const lines = answers(writtenRun(many(5, { outcome: "cancelled" })));
  expect(lines).toContain("learn: not known; the end of the run, or the test itself, cut off all that it was asked.");
  expect(lines.join("\n")).not.toMatch(/within its limits|Nearest to its limit|what was carried at the load/);
});

const PLANNED = { name: arrivalName("learn", "Searcher"), serviceMs: 12, responseMs: 12 };

test("where starts were planned the large p95 is that of the time that users waited, and says so", () => {
  const lines = answers(writtenRun([...many(199, { serviceMs: 20, responseMs: 800 }), PLANNED]));
  expect(lines[2]).toMatch(/^80\d ms p95 of tool calls, response time \(p50 80\d ms, 199 ok answers/);
});

test("of one answer the figures are marked, and it is one", () => {
  expect(answers(writtenRun([{ serviceMs: 20 }]))[2]).toBe(
    "~20 ms p95 of tool calls, service time (p50 ~20 ms, 1 ok answer, all servers)",
  );
});

test("what is with no server is named in what was carried, and in no advice", () => {
  const lines = answers(writtenRun(many(200, { name: "warm", serviceMs: 20 })));
  expect(lines.find((line) => line.startsWith("(other) carried"))).toContain("within its limits");
  expect(lines.join("\n")).not.toMatch(/Say what|Find how much/);
});

test("beside tools without a time worth measuring a slow one is not a million times as slow", () => {
  const slow = many(20, { name: "learn:tools/call:report", serviceMs: 600 });
  const lines = answers(writtenRun([...slow, ...many(20, { serviceMs: 0 })]));
  expect(lines.find((line) => line.startsWith("Profile report"))).toContain(
    "more than 600 times that of the other tool",
  );
});

test("nobody measured the generator: that is said once, and what was not counted is no zero", () => {
  const run = writtenRun(many(200, { serviceMs: 20 }));
  const file = { ...run.file, sessions: { ...run.file.sessions, peak: 0 } };
  const generator = { ...file.generator, usersPeak: 0 };
  const context = contextFor({ ...run, file: { ...file, generator } });
  const lines = linesOf(
    answersSection({ ...context, generator: { level: "unknown", reasons: ["nobody measured the generator"] } }),
  );
  expect(lines[0]).toBe("The times below may be those of a busy load generator: nobody measured the generator.");
  expect(lines[1]).toBe("- sessions at once, at most (neither sessions nor users were counted)");
});

test("a time over its limit is not a part of it", () => {
  const servers = { learn: { url: "http://127.0.0.1:1/mcp", slo: { p95Ms: 400 } } };
  const lines = answers(writtenRun(many(200, { serviceMs: 451 }), { identity: { servers } }));
  expect(lines.find((line) => line.startsWith("learn did not carry"))).toMatch(
    /: p95 451 ms where 400 are allowed \(search\)\.$/,
  );
});
