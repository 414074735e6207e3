import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { diagnose } from "../../diagnosis/diagnose.ts";
import { FAULTS } from "../../diagnosis/finding.ts";
import { findingLines } from "../../diagnosis/finding-lines.ts";
import { coldStart } from "../../diagnosis/rule/cold-start.ts";
import { eventLoopBlocked } from "../../diagnosis/rule/event-loop-blocked.ts";
import { type ServerView, serverViews } from "../../diagnosis/server-view.ts";
import { Facts } from "../../record/facts/facts.ts";
import { pageOf } from "../../record/page.ts";
import type { RunRecord } from "../../record/read-run.ts";
import type { Outcome } from "../../record/reason.ts";
import { forget, simulated } from "./simulated-run.ts";

const NAME = "learn:tools/call:search";

let healthy: RunRecord;
beforeAll(() => {
  const tools = [{ name: "search", weight: 1, p50Ms: 20, p90Ms: 35 }];
  healthy = simulated({ seed: 1, seconds: 4, users: 4, spawnRate: 4, thinkMs: 50, tools });
});
afterAll(() => forget(healthy));

/** The healthy run, in which so many calls failed as well, and said this. */
const withFailures = (outcome: Outcome, count: number, ...samples: string[]): RunRecord => {
  const operation = healthy.file.operations[NAME];
  if (operation === undefined) throw new Error("the run has no calls");
  const outcomes = { ...operation.outcomes, [outcome]: { count, times: {} } };
  const operations = { [NAME]: { ...operation, count: operation.count + count, failures: count, outcomes } };
  return { ...healthy, file: { ...healthy.file, operations }, failures: [{ name: NAME, outcome, samples }] };
};

const SAID: readonly (readonly [text: string, outcome: Outcome, fault: string | null])[] = [
  ["timeout: could not acquire a connection from the pool", "tool-error", "pool-exhausted"],
  ["FATAL: sorry, too many clients already (too many connections)", "json-rpc-error", "pool-exhausted"],
  ["connection pool exhausted", "http-5xx", "pool-exhausted"],
  ["upstream said 429 Too Many Requests", "tool-error", "rate-limited"],
  ["API rate limit exceeded for user", "tool-error", "rate-limited"],
  ["no rows", "tool-error", null],
  ["QueuePool limit of size 5 overflow 10 reached, connection timed out", "tool-error", "pool-exhausted"],
  ["Knex: Timeout acquiring a connection. The pool is probably full.", "tool-error", "pool-exhausted"],
  ["HikariPool-1 - Connection is not available, request timed out", "tool-error", "pool-exhausted"],
  ["remaining connection slots are reserved", "json-rpc-error", "pool-exhausted"],
  ["no free connections", "tool-error", "pool-exhausted"],
  ["the upstream answered with status 429", "tool-error", "rate-limited"],
  ["you are being rate limited", "tool-error", "rate-limited"],
  ["monthly quota exceeded", "tool-error", "rate-limited"],
  ["a swimming pool was not found", "tool-error", null],
  ["a swimming pool is empty", "tool-error", null],
  ["pool 7 is over its time limit", "tool-error", null],
  ["No results for 'connection pool'", "tool-error", null],
  ["no results for 'connection pool exhausted'", "tool-error", null],
  ["Cannot find connection 'prod' in pool list", "tool-error", null],
  ["unknown connection 'free-tier'", "tool-error", null],
  ["record 429 not found", "tool-error", null],
  ["row 429 is locked", "tool-error", null],
  ["unknown setting rate_limit", "tool-error", null],
  ["the rate limit must be a number", "tool-error", null],
  ["the connection pool is full", "assertion", null],
];

test.each(SAID)("a failure that says %j (%s) means %s", (text, outcome, fault) => {
  const named = diagnose(withFailures(outcome, 5, text)).map((finding) => finding.fault);
  expect(named).toEqual(fault === null ? [] : [fault]);
});

test("two failures that say so are not enough, nor are some among others", () => {
  expect(diagnose(withFailures("tool-error", 2, "connection pool exhausted"))).toEqual([]);
  expect(diagnose(withFailures("tool-error", 9, "connection pool exhausted", "no rows"))).toEqual([]);
});

test("one answer with another session's data is enough", () => {
  expect(diagnose(withFailures("leak", 1))).toEqual([
    { fault: "sessions-mixed", server: "learn", evidence: "1 answer held what another session had sent" },
  ]);
});

test("another session's data is no matter of times: a busy generator sees it as well", () => {
  const run = withFailures("leak", 1);
  const busy = { ...run.file.generator, measures: undefined, eventLoopDelayP99Ms: { mean: 5_000, max: 5_000 } };
  const saturated = { ...run, file: { ...run.file, generator: busy } };
  expect(diagnose(saturated).map(({ fault }) => fault)).toEqual(["sessions-mixed"]);
});

test("answers with a later call's mark are named too", () => {
  const counts = { answers: 9, marked: 9, echoed: 7, ofSession: 2, swapped: 2, leaked: 0, leakedFromElsewhere: 0 };
  const facts = { ...healthy.file.facts, isolation: { learn: counts } };
  expect(diagnose({ ...healthy, file: { ...healthy.file, facts } })).toMatchObject([
    { fault: "sessions-mixed", evidence: expect.stringMatching(/^2 answers held what a later call/) },
  ]);
});

test("a few answers with 429 are the server's own word", () => {
  expect(diagnose(withFailures("http-429", 3))).toMatchObject([{ fault: "rate-limited" }]);
});

/** The healthy server, seen otherwise. */
const seenAs = (over: Partial<ServerView>): ServerView => ({ ...(serverViews(healthy)[0] as ServerView), ...over });

test("what failed early for other reasons is no slow start", () => {
  const seconds = [
    { second: 0, ok: 0, failures: 40 },
    { second: 3, ok: 10, failures: 0 },
  ];
  const refused = new Map<Outcome, number>([["connect", 40]]);
  expect(coldStart(seenAs({ seconds, counts: refused }))).toMatch(/^40 attempts failed in about the first 3 s/);
  const mixed = new Map<Outcome, number>([
    ["tool-error", 38],
    ["connect", 2],
  ]);
  expect(coldStart(seenAs({ seconds, counts: mixed }))).toBeNull();
});

test("a slow tool beside a quick one is no blocked event loop, when five of its calls are sent at once", () => {
  const facts = new Facts();
  let nowMs = 0;
  const end = (tool: string, serviceMs: number, endMs: number): void =>
    facts.see({
      name: `learn:tools/call:${tool}`,
      outcome: "ok",
      serviceMs,
      endMs,
      underWay: 1,
      bytesIn: 1,
      bytesOut: 1,
    });
  for (let turn = 0; turn < 4; turn++) {
    for (let call = 1; call <= 10; call++) end("search", 10, nowMs + 12 * call);
    nowMs += 120;
    for (let call = 0; call < 5; call++) end("db-query", 500 + 10 * call, nowMs + 500 + 10 * call);
    nowMs += 540;
  }
  const sections = facts.sections();
  expect(sections.silences?.learn?.silences).toBeGreaterThanOrEqual(2);
  const bands = new Map(Object.entries(sections.byLoad ?? {}).map(([name, levels]) => [name.slice(6), levels]));
  expect(eventLoopBlocked(seenAs({ facts: sections, bands }))).toBeNull();
  bands.delete("tools/call:db-query");
  expect(eventLoopBlocked(seenAs({ facts: sections, bands }))).not.toBeNull();
});

test("a finding is printed with its figures and where to look, within the page", () => {
  const page = pageOf({ columns: 80 });
  const lines = findingLines(diagnose(withFailures("http-429", 3)), page);
  expect(lines[0]).toContain("hints, no proof");
  expect(lines.join(" ")).toMatch(/learn: rate-limited\. HTTP 429 to 3 of \d+/);
  expect(lines.join(" ").replaceAll(/\s+/g, " ")).toContain(FAULTS["rate-limited"]);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(findingLines([], page)).toEqual([]);
});

test("each fault that can be named has its rule on the page", () => {
  const page = readFileSync(new URL("../../docs/scenarios.md", import.meta.url), "utf8");
  for (const fault of Object.keys(FAULTS)) expect(page).toContain(`| \`${fault}\` |`);
});

test.each(["constructor", "toString", "__proto__"])("a server named %s is diagnosed as any other", (name) => {
  const call = healthy.file.operations[NAME];
  if (call === undefined) throw new Error("the run has no calls");
  const operations = { [`${name}:tools/call:search`]: call };
  const facts = { silences: {}, isolation: {}, connections: {}, serverMemory: {} };
  expect(diagnose({ ...healthy, file: { ...healthy.file, operations, facts } })).toEqual([]);
});
