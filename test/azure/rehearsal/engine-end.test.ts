import { join } from "node:path";
import { expect, test } from "vitest";
import { mergeEngines, recordOfEngine } from "../../../azure/rehearsal/collect-records.ts";
import { type EngineEnd, faultsOf, foundLine, warningsOf } from "../../../azure/rehearsal/engine-end.ts";
import { newRoot } from "../../record/samples.ts";
import { writeEngineRecord } from "./engine-record.ts";

const FOUND = "[2026-11-21 17:53:28,100] host/WARNING/swarmbridge: Engine 1 of 2: Python 3.9.18, Locust 2.33.2";

const end = (fields: Partial<EngineEnd> = {}): EngineEnd => ({
  number: 1,
  ended: { how: "exited", code: 0 },
  log: `${FOUND}\n`,
  record: null,
  written: [],
  ...fields,
});

const exited = (code: number) => ({ how: "exited", code }) as const;

const recordWith = (milliseconds: readonly number[], outcome: "ok" | "timeout" = "ok") => {
  const temporary = newRoot();
  writeEngineRecord(join(temporary, "swarmbridge-results-x1", "20261121-175328-multi-abcd"), milliseconds, outcome);
  return recordOfEngine(join(temporary, "code"), temporary);
};

test("an engine whose users got answers would run at Azure, whatever failed besides", () => {
  const ran = end({ ended: exited(1), record: recordWith([5]) });
  expect(faultsOf(ran)).toEqual([]);
  expect(foundLine(ran)).toBe("Engine 1 of 2: Python 3.9.18, Locust 2.33.2");
});

test.each([
  [
    "had to be killed",
    end({ ended: { how: "too-long" }, record: recordWith([5]) }),
    ["it did not end after its run time and was killed"],
  ],
  [
    "the system killed",
    end({ ended: { how: "died", signal: "SIGKILL" }, record: recordWith([5]) }),
    ["Locust died of SIGKILL, which was not sent from here"],
  ],
  [
    "was never there",
    end({ ended: { how: "not-started", why: "spawn locust ENOENT" }, log: "" }),
    ["Locust could not be started: spawn locust ENOENT"],
  ],
  [
    "refused",
    end({
      ended: exited(3),
      log: "[x] host/ERROR/swarmbridge: Node.js was not found\n[x] host/INFO/locust.main: bye\n",
    }),
    ["Locust ended with code 3", "Node.js was not found"],
  ],
  [
    "stumbled while importing",
    end({
      ended: exited(1),
      log: "Traceback (most recent call last):\nModuleNotFoundError: No module named 'numpy'\n",
    }),
    ["it came to no run", "ModuleNotFoundError: No module named 'numpy'"],
  ],
  [
    "cannot read its locustfile",
    end({
      ended: exited(1),
      log: 'Traceback\n  File "/lib/locust/main.py", line 9\n  File "/tmp/x/code/multi.py", line 3\n    def (\nSyntaxError: invalid syntax\n',
    }),
    ["it came to no run", 'SyntaxError: invalid syntax (File "multi.py", line 3)'],
  ],
  ["kept nothing", end(), ["it left no record"]],
])("an engine that %s is told with its own words", (_what, ended, faults) => {
  expect(faultsOf(ended)).toEqual(faults);
});

test("an engine with a record ran, whatever of its words is gone", () => {
  expect(faultsOf(end({ log: "", record: recordWith([5]) }))).toEqual([]);
});

test("an engine on which nothing succeeded proves nothing", () => {
  expect(faultsOf(end({ ended: exited(1), record: recordWith([5, 6], "timeout") }))).toEqual([
    "no operation of it succeeded",
    "learn:tools/call:search: timeout, 2 times",
  ]);
});

test("what an engine writes beside the code is told", () => {
  expect(warningsOf(end({ written: ["a.txt", "b.txt"] }))).toEqual([
    "it wrote a.txt and 1 more beside the code: nobody promises that an engine lets it",
  ]);
});

test("the engines' records merged are the record of one that had seen everything", () => {
  const [first, second] = [
    [1, 20, 300],
    [2, 40],
  ] as const;
  const runDir = join(newRoot(), "20261121-180000-rehearsal-abcd");
  const ends = [end({ record: recordWith(first) }), end({ number: 2, record: recordWith(second) }), end({ number: 3 })];
  const merged = mergeEngines(runDir, "20261121-180000-rehearsal-abcd", ends);
  const one = recordWith([...first, ...second]);
  expect(merged?.file.operations).toEqual(one?.file.operations);
  expect(merged?.file).toMatchObject({
    id: "20261121-180000-rehearsal-abcd",
    part: null,
    state: "complete",
    plan: { users: 8, rehearsed: 2 },
    parts: [{ part: "engine-1" }, { part: "engine-2" }],
  });
  expect(mergeEngines(runDir, "x", [end()])).toBeNull();
});
