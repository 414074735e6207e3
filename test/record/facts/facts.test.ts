import { join } from "node:path";
import { expect, test } from "vitest";
import { FACT_NAMES, type Fact, type FactName } from "../../../record/facts/fact-kinds.ts";
import { cleanFact, type FactSections, Facts, factsSchema } from "../../../record/facts/facts.ts";
import { mergeParts } from "../../../record/merge-parts.ts";
import { readRun } from "../../../record/read-run.ts";
import { RecordKeeper } from "../../../record/record-keeper.ts";
import { identity, newRoot, STARTED_AT, sample } from "../samples.ts";

/**
 * What must hold for a fact of whatever kind, shown on two examples of each: it comes back from the disk as it was, goes on
 * where a lost bridge left it, and adds up over the parts of a run. A new kind gets its examples here.
 */
type Examples = { readonly [Name in FactName]?: readonly Extract<Fact, { kind: Name }>["event"][] };

const burst = { name: "learn:parallel", calls: 3, beforeMs: [], isAllOk: true };
const stream = { name: "learn:tools/call:search", events: 3, askedForProgress: true, largestGapMs: 30 };
const print = { schema: "a", description: "b" };

const EXAMPLES: Examples = {
  bursts: [
    { ...burst, spansMs: [10, 30.25, 10.5, 41, 11, 50] },
    { ...burst, spansMs: [10, 29, 10.1, 52.75, 11, 49] },
  ],
  connections: [
    {
      server: "learn",
      atMs: Date.parse(STARTED_AT) + 1_000,
      requests: 7,
      opened: { "http/1.1": 2 },
      closedByServer: 1,
      closedByUs: 0,
      failed: { ECONNREFUSED: 1 },
      open: 2,
      streams: 1,
    },
  ],
  streams: [
    { ...stream, gapsMs: [10, 30], progress: 2, firstProgressMs: 4.5, progressGapsMs: [9] },
    { ...stream, gapsMs: [12, 8.125], progress: 0, progressGapsMs: [] },
  ],
  fromServer: [{ server: "learn", counts: { progress: 3 }, answeredMs: [1.5, 20], unanswered: 1 }],
  byLoad: [sample({ underWay: 1 }), sample({ underWay: 9, outcome: "timeout" })],
  silences: [sample({ endMs: 1_000 }), sample({ endMs: 4_000, serviceMs: 2_500 })],
  isolation: [
    { server: "learn", answers: 5, marked: 4, echoed: 3, ofSession: 1, swapped: 1, leaked: 1, leakedFromElsewhere: 0 },
    { server: "learn", answers: 2, marked: 2, echoed: 1, ofSession: 0, swapped: 0, leaked: 1, leakedFromElsewhere: 1 },
  ],
  serverMemory: [
    { server: "learn", from: "json", atMs: 1_000, bytes: 50_000_000 },
    { server: "learn", from: "json", atMs: 2_000, bytes: null, why: "HTTP 404" },
  ],
  tools: [
    { server: "learn", atMs: 1_000, tools: { fetch: print, search: print }, more: 0 },
    { server: "learn", atMs: 2_000, tools: { search: { ...print, schema: "c" } }, more: 0 },
  ],
};

const factsOf = (name: FactName): Fact[] =>
  (EXAMPLES[name] ?? []).map((event) => ({ kind: name, event }) as unknown as Fact);

const heard = (facts: readonly Fact[]): Facts => {
  const all = new Facts();
  for (const each of facts) all.hear(each);
  return all;
};

const onDisk = (sections: FactSections): FactSections => factsSchema.parse(JSON.parse(JSON.stringify(sections)));

const keeper = (
  dir: string,
  part: string | null,
  facts: readonly Fact[],
  tally: Record<string, never> | null = null,
) => {
  const one = new RecordKeeper({
    identity: identity({ part }),
    dir,
    tally,
    cause: "bridge-lost",
    onWarning: (text) => expect.unreachable(text),
    now: () => Date.parse(STARTED_AT) + 5_000,
  });
  const nothing = { names: [], numbers: new Float64Array(0), late: new Float64Array(0), hidden: [], failures: [] };
  one.take({ op: "batch", nowMs: 1_000, ...nothing, facts, gauges: null });
  return one;
};

test.each(FACT_NAMES)("facts of the kind %s have examples here, and are kept", (name) => {
  expect(EXAMPLES[name]?.length, "a new kind of facts gets its examples in this file").toBeGreaterThan(0);
  expect(heard(factsOf(name)).sections()[name]).toBeDefined();
});

test.each(FACT_NAMES)("facts of the kind %s come back from the disk as they were", (name) => {
  const sections = heard(factsOf(name)).sections();
  const restored = new Facts();
  restored.add(onDisk(sections));
  expect(restored.sections()).toEqual(sections);
});

test.each(FACT_NAMES)("facts of the kind %s go on where a lost bridge left them", (name) => {
  const dir = join(newRoot(), "run");
  const [first, ...rest] = factsOf(name);
  keeper(dir, null, first === undefined ? [] : [first]).flush();
  keeper(dir, null, rest, {}).stop("run time", null);
  const expected = heard(first === undefined ? [] : [first]);
  const after = new Facts();
  after.add(onDisk(expected.sections()));
  for (const each of rest) after.hear(each);
  expect(readRun(dir).file.facts[name]).toEqual(onDisk(after.sections())[name]);
});

test.each(FACT_NAMES)("facts of the kind %s add up over parts, in whatever order these come", (name) => {
  const runDir = newRoot();
  for (const part of ["worker-0", "worker-1"]) {
    keeper(join(runDir, "parts", part), part, factsOf(name)).stop("run time", null);
  }
  const one = heard(factsOf(name)).sections();
  const sum = new Facts();
  sum.add(one);
  sum.add(one);
  expect(mergeParts(runDir).file.facts[name]).toEqual(onDisk(sum.sections())[name]);
});

test("a record from before there were facts has none", () => {
  expect(factsSchema.parse({})).toEqual({});
  const facts = new Facts();
  facts.add({});
  expect(facts.sections()).toEqual({});
});

test("what a section says later is not changed by what was handed out before", () => {
  const facts = heard(factsOf("bursts"));
  const before = onDisk(facts.sections());
  const handedOut = facts.sections();
  for (const each of factsOf("bursts")) facts.hear(each);
  expect(handedOut).toEqual(before);
});

test("a secret in a name that a fact quotes does not reach the record", () => {
  const fact = cleanFact({ kind: "bursts", event: { ...burst, name: "learn:turn:s3cret", spansMs: [] } }, (text) =>
    text.replace("s3cret", "[redacted]"),
  );
  expect(fact.event).toMatchObject({ name: "learn:turn:[redacted]" });
});
