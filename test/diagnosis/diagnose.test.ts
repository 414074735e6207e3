import fc from "fast-check";
import { expect, test } from "vitest";
import { diagnose } from "../../diagnosis/diagnose.ts";
import type { Fault } from "../../diagnosis/finding.ts";
import type { RunRecord } from "../../record/read-run.ts";
import { forget, type SimulatedRun, simulated } from "./simulated-run.ts";

const SEARCH = { name: "search", weight: 1, p50Ms: 20, p90Ms: 35 };
const RUN: SimulatedRun = { seed: 1, seconds: 10, users: 20, spawnRate: 3, thinkMs: 10, tools: [SEARCH] };
const SEEDS = Array.from({ length: 10 }, (_, index) => index + 1);

const faultsOf = (run: SimulatedRun, change: (record: RunRecord) => RunRecord = (record) => record): Fault[] => {
  const record = simulated(run);
  const faults = diagnose(change(record)).map(({ fault }) => fault);
  forget(record);
  return faults;
};

const CASES: readonly (readonly [what: string, run: Partial<SimulatedRun>, faults: readonly Fault[]])[] = [
  ["a healthy server", {}, []],
  ["one whose times are spread widely", { tools: [{ ...SEARCH, p50Ms: 100, p90Ms: 500 }], thinkMs: 100 }, []],
  ["a lock around all calls", { lanes: 1, spawnRate: 1, users: 10, seconds: 14 }, ["serialising"]],
  ["a pool of five", { lanes: 5, tools: [{ ...SEARCH, p50Ms: 40, p90Ms: 60 }] }, ["pool-exhausted"]],
  ["an event loop that is blocked", { blocked: { everyMs: 2_000, ms: 400 } }, ["event-loop-blocked"]],
  ["a limit of connections", { most: { underWay: 12, outcome: "disconnected" } }, ["connection-limit"]],
  ["a pool that refuses", { most: { underWay: 8, outcome: "http-503" } }, ["pool-exhausted"]],
  ["a limit of the rate", { most: { underWay: 8, outcome: "http-429" } }, ["rate-limited"]],
  ["a server that is not ready yet", { readyMs: 3_000 }, ["cold-start"]],
  [
    "one tool of two with a slow dependency",
    { tools: [SEARCH, { name: "query", weight: 1, p50Ms: 20, p90Ms: 30, slowerByEach: 1 }] },
    ["slow-dependency"],
  ],
];

test.each(CASES)("%s: named for what it is, for 10 seeds", (_what, run, faults) => {
  for (const seed of SEEDS) expect(faultsOf({ ...RUN, ...run, seed }), `seed ${seed}`).toEqual(faults);
});

test("no healthy server is accused, whatever its times, its users and their haste", () => {
  const healthy = fc.record({
    seed: fc.integer({ min: 1, max: 1e9 }),
    users: fc.integer({ min: 1, max: 50 }),
    spawnRate: fc.constantFrom(1, 5, 50),
    thinkMs: fc.constantFrom(0, 20, 300, 2_000),
    tools: fc.array(
      fc
        .record({ p50Ms: fc.constantFrom(5, 20, 80, 300), spread: fc.constantFrom(1.2, 2, 5) })
        .map(({ p50Ms, spread }) => ({ name: "search", weight: 1, p50Ms, p90Ms: p50Ms * spread })),
      { minLength: 1, maxLength: 3 },
    ),
  });
  const named = fc.property(healthy, (each) => {
    const tools = each.tools.map((tool, index) => ({ ...tool, name: `tool${index}` }));
    expect(faultsOf({ ...RUN, seconds: 8, ...each, tools })).toEqual([]);
  });
  fc.assert(named, { numRuns: Number(process.env.DIAGNOSIS_RUNS ?? 60), seed: 7 });
});

const POOL = { ...RUN, lanes: 5, tools: [{ ...SEARCH, p50Ms: 40, p90Ms: 60 }] };

test("a generator that was the bottleneck itself accuses nobody", () => {
  const saturated = (record: RunRecord): RunRecord => {
    const { generator } = record.file;
    return { ...record, file: { ...record.file, generator: { ...generator, locustCpu: { mean: 0.97, max: 1 } } } };
  };
  expect(faultsOf(POOL)).toEqual(["pool-exhausted"]);
  expect(faultsOf(POOL, saturated)).toEqual([]);
});

test("a generator that stood still itself says nothing of a server that did", () => {
  const blocked = { ...RUN, blocked: { everyMs: 2_000, ms: 400 } };
  expect(faultsOf({ ...blocked, gauges: { eventLoopDelayMaxMs: 380 } })).toEqual([]);
});

test("too few calls are no evidence", () => {
  expect(faultsOf({ ...POOL, seconds: 1, spawnRate: 20 })).toEqual([]);
});

test("a server that dies in the middle, and comes back, had no limit of connections", () => {
  expect(faultsOf({ ...RUN, down: { fromMs: 6_300, toMs: 8_100 } })).toEqual([]);
});

test("a server that is never there is no slow starter", () => {
  expect(faultsOf({ ...RUN, readyMs: 20_000 })).toEqual([]);
});
