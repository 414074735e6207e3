import { expect, test } from "vitest";
import type { Probe } from "../../../capacity/probe/probe.ts";
import { agentsSection } from "../../../report/section/agents.ts";
import { budgetSection } from "../../../report/section/budget.ts";
import { referenceSection } from "../../../report/section/reference.ts";
import { signaturesSection } from "../../../report/section/signatures.ts";
import { many, writtenRun } from "../../record/written-run.ts";
import { contextFor, linesOf } from "../said.ts";

const FAILED = { outcome: "timeout", serviceMs: 2_000, responseMs: 2_000, bytesIn: 0, bytesOut: 400 } as const;

test("calls are held against what an agent notices, and what failed ones waste is an estimate by a stated rule", () => {
  const run = writtenRun([...many(6, { serviceMs: 100 }), ...many(2, { serviceMs: 1_500 }), ...many(2, FAILED)]);
  const lines = linesOf(agentsSection(contextFor(run)));
  expect(lines[0]).toBe("A call of 400 ms or less is fine: 75% of 8 tool calls were, by service time.");
  expect(lines[1]).toMatch(
    /^A second is little in a turn of ten: 25% took longer than one, and p95, ~1,500 ms, is 15% /,
  );
  expect(lines.slice(2, 5)).toEqual([
    "failed calls: 2 of 10 (20%)",
    "time lost in them: 4.0 s, 400 s in 1,000 calls",
    "tokens lost: about 128, 12,800 in 1,000 calls",
  ]);
  expect(lines[5]).toContain("4 bytes a token");
});

test("where nothing failed nothing was wasted, and without calls there is nothing to say", () => {
  expect(linesOf(agentsSection(contextFor(writtenRun([{}]))))).toContain("No call failed, of 1: nothing was wasted.");
  expect(agentsSection(contextFor(writtenRun([{ name: "learn:ping" }])))).toBeNull();
});

test("the budget's burn stands beside the room to the limit, with the limits' owner", () => {
  const servers = { learn: { url: "http://127.0.0.1:1/mcp", slo: { p99Ms: 1_000, errorPercent: 4 } } };
  const samples = [...many(96, { serviceMs: 100 }), ...many(2, { serviceMs: 1_500 }), ...many(2, FAILED)];
  const lines = linesOf(budgetSection(contextFor(writtenRun(samples, { identity: { servers } }))));
  expect(lines.slice(1, 3)).toEqual([
    "learn | failures 4% | 4% | 2.0% (2 of 100) | 0.5 | 50%",
    "learn | p99 1,000 ms | 1% | 2.0% (2 of 98) | 2.0 | ~none (search)",
  ]);
  expect(lines.join("\n")).not.toContain("default");
  expect(linesOf(budgetSection(contextFor(writtenRun(samples)))).join("\n")).toContain(
    "Our default limits are held against learn.",
  );
});

test("no burn is called good where the slowest operation leaves no room, and equal numbers look alike", () => {
  const servers = { learn: { url: "http://127.0.0.1:1/mcp", slo: { p95Ms: 1_000 } } };
  const rare = many(20, { name: "learn:tools/call:report", serviceMs: 1_500 });
  const rowsOf = (usual: number): unknown => {
    const section = budgetSection(
      contextFor(writtenRun([...many(usual, { serviceMs: 100 }), ...rare], { identity: { servers } })),
    );
    const [table] = section?.blocks ?? [];
    return table?.kind === "table" ? table.rows[0]?.slice(4) : null;
  };
  expect(rowsOf(980)).toMatchObject([
    { text: "0.4", tone: "bad" },
    { text: "none (report)", tone: "bad" },
  ]);
  const tonesAt = (failed: number): unknown => {
    const slo = { learn: { url: "http://127.0.0.1:1/mcp", slo: { errorPercent: 10 } } };
    const run = writtenRun([...many(1000 - failed, {}), ...many(failed, FAILED)], { identity: { servers: slo } });
    const [table] = budgetSection(contextFor(run))?.blocks ?? [];
    return table?.kind === "table" ? table.rows[0]?.[4] : null;
  };
  expect([tonesAt(50), tonesAt(54), tonesAt(56)]).toMatchObject([
    { text: "0.5", tone: "good" },
    { text: "0.5", tone: "good" },
    { text: "0.6", tone: "warning" },
  ]);
});

test("a probe tells how the budget goes on the other days", () => {
  const probes: Probe[] = Array.from({ length: 200 }, (_, at) => ({
    atMs: at * 60_000,
    isOk: at !== 0,
    initializeMs: 9,
  }));
  const lines = linesOf(budgetSection(contextFor(writtenRun(many(100, {})), { probesOf: () => probes })));
  expect(lines.at(-1)).toBe(
    "Live, by its probe, learn: 200 probes in 3 h 19 min, 1 failed; error budget of 1%: 50% used, in the last hour 0 times as fast as sustainable.",
  );
});

test("a server's signature comes with the rule of its tier and what follows for who calls it", () => {
  const run = writtenRun([{ name: "learn:initialize", serviceMs: 335 }, ...many(100, { serviceMs: 50 })]);
  const lines = linesOf(signaturesSection(contextFor(run)));
  expect(lines[1]).toMatch(/^learn \| ~335 \| ~335 \| 100 \| 50 \| .* \| Fast$/);
  expect(lines[2]).toMatch(/^tier: the first that fits of Heavy/);
  expect(lines[3]).toBe(
    "learn is Fast: several calls fit into one turn of a conversation. A handshake costs as much as 6.7 typical calls (335 of 50 ms): keep sessions open. One call in twenty took longer than 50 ms: a p95 promised below that would be broken.",
  );
});

test("the reference run's rate is what its own count and length give, not what was quoted", () => {
  const lines = linesOf(referenceSection(contextFor(writtenRun(many(100, {})))));
  expect(lines).toContain("operations a second | 2.55 | 10.00");
  expect(lines).toContain("users | 17 | 4");
  expect(lines.at(-1)).toContain("published with 2.9 a second");
  expect(referenceSection(contextFor(writtenRun([])))).toBeNull();
});

test("where a probe may never fail its budget is no number of times as fast as infinity", () => {
  const probes: Probe[] = Array.from({ length: 60 }, (_, at) => ({ atMs: at * 60_000, isOk: at > 5, initializeMs: 9 }));
  const servers = { learn: { url: "http://127.0.0.1:1/mcp", slo: { errorPercent: 0 } } };
  const run = writtenRun(many(100, {}), { identity: { servers } });
  const last = (some: readonly Probe[]) => linesOf(budgetSection(contextFor(run, { probesOf: () => some }))).at(-1);
  expect(last(probes)).toMatch(/6 failed; no failure is allowed, and some were in the last hour\.$/);
  expect(last(probes.slice(6, 7))).toMatch(/: 1 probe in .*, 0 failed; no failure is allowed\.$/);
});
