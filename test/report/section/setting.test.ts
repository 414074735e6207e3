import { expect, test } from "vitest";
import { foundOf } from "../../../capacity/ceiling/ceiling-file.ts";
import { ceilingSection } from "../../../report/section/ceiling.ts";
import { notMeasuredSection } from "../../../report/section/not-measured.ts";
import { settingSection } from "../../../report/section/setting.ts";
import { LIMITS, step } from "../../capacity/ceiling/measures.ts";
import { writtenRun } from "../../record/written-run.ts";
import { contextFor, linesOf } from "../said.ts";

const SERVERS = {
  learn: { url: "http://127.0.0.1:1/mcp", targetClass: "loopback", slo: null },
  hosted: { url: "https://mcp.example.com/mcp", targetClass: "public", slo: { p99Ms: 800 } },
};
const run = writtenRun([{}], {
  identity: { servers: SERVERS, plan: { locustfile: "multi.py", users: 4, spawnRate: 2, runTime: 30, shape: null } },
});

test("place, time, targets with their class, whose limits, and the words to repeat it are there", () => {
  const lines = linesOf(settingSection(contextFor(run)));
  expect(lines).toContain("to repeat: locust --headless -f multi.py -u 4 -r 2 -t 30s");
  expect(lines).toContain("began: 2026-03-01T10:00:00.250Z, for 10.0 s");
  expect(lines).toContain("learn | http://127.0.0.1:1/mcp | loopback | our defaults");
  expect(lines).toContain("hosted | https://mcp.example.com/mcp | public | its own");
  expect(lines).toContain("slo.p99Ms | 800");
});

test("parts with clocks of their own came from as many machines, and no clock was compared", () => {
  const parts = ["a", "b", "b"].map((clock, at) => ({ id: String(at), clock }));
  const lines = linesOf(settingSection(contextFor({ ...run, file: { ...run.file, parts: parts as never } })));
  expect(lines.find((line) => line.startsWith("made the load"))).toMatch(/^made the load: 2 machines.*, 3 processes$/);
  expect(lines.find((line) => line.startsWith("clocks: "))).toContain("were not compared");
  expect(linesOf(settingSection(contextFor(run))).join("\n")).not.toContain("clocks: ");
});

test("only who ran on the generator's own machine is warned of", () => {
  const warning = linesOf(settingSection(contextFor(run))).find((line) =>
    line.includes("no network is in these times"),
  );
  expect(warning).toMatch(/^learn ran on the machine/);
});

test("what was not measured is a section of its own", () => {
  expect(linesOf(notMeasuredSection(contextFor(run))).join("\n")).toContain("memory");
});

test("a ceiling is drawn with its limit and said in words, and without a search there is no such section", () => {
  const found = foundOf({
    ...{ schema: 1, id: "20260228-120000-ceiling-abcd", server: "learn", shape: "sessions", limits: LIMITS },
    ...{ stepMs: 60_000, startedAt: "2026-02-28T12:00:00.000Z", state: "complete" },
    steps: [step(5, 200), step(10, 9000)] as never,
  });
  const section = ceilingSection(contextFor(run, { ceilingOf: (server) => (server === "learn" ? found : null) }));
  const chart = section?.blocks.find(({ kind }) => kind === "chart");
  expect(chart).toMatchObject({
    x: { values: [5, 10] },
    limits: [{ at: 2000 }],
    says: expect.stringMatching(/^p99 goes from 200 ms at 5 to 9,00\d ms at 10 sessions; the limit is 2,000 ms\.$/),
  });
  expect(ceilingSection(contextFor(run))).toBeNull();
});
