import { expect, test } from "vitest";
import type { Probe } from "../../../capacity/probe/probe.ts";
import type { Finding } from "../../../diagnosis/finding.ts";
import { answersSection } from "../../../report/section/answers.ts";
import { diagnosisSection } from "../../../report/section/diagnosis.ts";
import { many, writtenRun } from "../../record/written-run.ts";
import { contextFor, linesOf } from "../said.ts";

test("a finding stands with its evidence, what usually causes it, and where to look", () => {
  const context = contextFor(writtenRun([{}]));
  const finding = { fault: "event-loop-blocked", server: "learn", evidence: "5 times no answer for 603 ms" } as const;
  const lines = linesOf(diagnosisSection({ ...context, findings: [finding] }));
  expect(lines[0]).toContain("hints where to look, no proof");
  expect(lines[1]).toBe(
    "learn: event-loop-blocked. 5 times no answer for 603 ms. Usually work that blocks the server's event loop: worker threads, asynchronous libraries. Look at: a CPU profile under this load (node --inspect, Chrome DevTools).",
  );
});

test("what several servers have in common is said once, with the figures of each", () => {
  const context = contextFor(writtenRun([{}]));
  const findings = ["learn", "github"].map((server) => ({
    ...{ fault: "serialising", server, evidence: `figures of ${server}` },
  })) as Finding[];
  const lines = linesOf(diagnosisSection({ ...context, findings }));
  expect(lines[1]).toMatch(/^learn, github: serialising\. Usually /);
  expect(lines.slice(2)).toEqual(["learn: figures of learn.", "github: figures of github."]);
  const answers = linesOf(answersSection({ ...context, findings })).filter((line) => line.includes("serialising"));
  expect(answers).toEqual([
    "learn, github: serialising. learn: figures of learn.",
    expect.stringMatching(/^learn, github: find the lock .* \(serialising\)\.$/),
  ]);
});

test("shapes of several servers want one step", () => {
  const context = contextFor(writtenRun([{}]));
  const shapes = ["learn", "github"].map((server) => ({ shape: "grows", server, evidence: "p50 rose" }) as const);
  expect(linesOf(answersSection({ ...context, shapes: () => shapes }))).toContain(
    "learn, github: look for a leak, or something that fills up: measure the server's memory (grows).",
  );
});

test("a shape is said to be weaker, and nothing is no proof of health", () => {
  const tail = writtenRun([...many(90, { serviceMs: 50 }), ...many(10, { serviceMs: 900 })]);
  expect(linesOf(diagnosisSection(contextFor(tail)))[1]).toMatch(/^learn: long-tail\. .*\(a weaker hint\)/);
  const lines = linesOf(diagnosisSection(contextFor(writtenRun(many(100, {})))));
  expect(lines.at(-1)).toContain("A fault that this load does not reach");
});

test("a handshake that is far slower live than in the test points at the place, not at the load", () => {
  const probes: Probe[] = Array.from({ length: 30 }, (_, at) => ({
    atMs: at * 60_000,
    isOk: true,
    initializeMs: 300 + (at % 5),
  }));
  const run = writtenRun([{ name: "learn:initialize", serviceMs: 5, underWay: 1 }, ...many(99, {})]);
  const lines = linesOf(diagnosisSection(contextFor(run, { probesOf: () => probes })));
  expect(lines.find((line) => line.startsWith("learn, beside its probe"))).toContain(
    "Look at the probe's network or region first",
  );
});

test("of a saturated generator it says what was not looked for", () => {
  const run = writtenRun(many(100, {}), { gauges: { locustCpu: 1 } });
  expect(linesOf(diagnosisSection(contextFor(run)))[1]).toContain("only faults that show without times");
});
