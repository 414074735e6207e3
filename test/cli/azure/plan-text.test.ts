import { expect, test } from "vitest";
import { divisionOf } from "../../../azure/plan/division.ts";
import type { Plan } from "../../../azure/plan/plan.ts";
import { planText } from "../../../cli/azure/plan-text.ts";
import { styleFor } from "../../../cli/style.ts";
import { definition } from "../../azure/plan/definition.ts";

const regions = [
  { region: "westeurope", engineInstances: 2 },
  { region: "northeurope", engineInstances: 1 },
];

const PLAN: Plan = {
  testId: "nightly",
  test: {
    change: "update",
    differences: [
      { what: "engineInstances", how: "changed", from: "2", to: "3" },
      { what: "env GONE", how: "removed", from: null, to: null },
    ],
  },
  runTimeSeconds: 1800,
  division: divisionOf(definition({ engineInstances: 3, regionalLoadTestConfig: regions })),
  cost: {
    engineHours: 1.5,
    virtualUserHours: 50,
    data: { receivedBytes: 1_234_567_890, sentBytes: 999, measuredIn: "20261121-120000-multi-abcd" },
  },
  servers: [
    { name: "mine", url: "https://mcp.example.com/mcp", note: null },
    { name: "other", url: "https://other.example.com/mcp", note: "left out: nothing under azure brings TOKEN" },
  ],
  criteria: { azure: 1, local: ["p99.9(response_time_ms) > 5000"] },
  notes: [],
  checks: [
    { id: "vault", state: "missing", subject: "vault x\u001b[2J", seen: "none of this name", next: "create it" },
    { id: "quota", state: "forbidden", subject: "engines a run", seen: "HTTP 403", next: "ask for Reader" },
    { id: "resource", state: "ok", subject: "resource mcp-load", seen: "Succeeded", next: null },
  ],
  isReady: false,
};

const text = (plan: Plan, columns = 100): string => planText(plan, styleFor({ columns }, {}));

test("a plan is said in sections, and what is missing with its remedy", () => {
  expect(text(PLAN)).toBe(`test nightly
  would be changed:
  ~ engineInstances: 2 → 3
  - env GONE

load
  100 users for 30 min 00 s on 3 engines
  34 users on 1 engine, 33 users on 2 engines, when they divide evenly (Azure does not say how it
    divides)
  westeurope: 2 engines, about 67 users
  northeurope: 1 engine, about 33 users

what it costs depends on
  50 virtual user hours at most: users × run time
  1.50 engine hours: engines × run time (whether their start counts, Azure does not say)
  data: about 999 B to the servers, 1.2 GB back (bodies, as in the run 20261121-120000-multi-abcd)

servers
  mine  https://mcp.example.com/mcp
  other  https://other.example.com/mcp: left out: nothing under azure brings TOKEN

criteria
  1 judged by Azure
  p99.9(response_time_ms) > 5000: by our gate alone

what must be there
  ✗ vault x: none of this name
    → create it
  ? engines a run: not allowed to look: HTTP 403
    → ask for Reader
  ✓ resource mcp-load: Succeeded

Not ready: see ✗.`);
});

test("no line is wider than the terminal where words allow it", () => {
  const narrow = text(PLAN, 60).split("\n");
  expect(narrow.filter((line) => line.length > 60)).toEqual([]);
});

test("ready is not said of what could not be seen", () => {
  const [, forbidden, fine] = PLAN.checks;
  if (forbidden === undefined || fine === undefined) throw new Error("there are three");
  const last = (plan: Plan): string | undefined => text(plan).split("\n").at(-1);
  expect(last({ ...PLAN, isReady: true, checks: [fine] })).toBe("Ready. Nothing was changed or started.");
  expect(last({ ...PLAN, isReady: true, checks: [forbidden] })).toMatch(/^Ready, as far as could be seen/);
  expect(last({ ...PLAN, isReady: true, test: null })).toMatch(/^Nothing was asked at Azure, or not everything/);
});
