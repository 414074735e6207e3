import { expect, test } from "vitest";
import { alike } from "../../../gate/compare/alike.ts";
import type { RunFigures } from "../../../gate/compare/run-figures.ts";
import { simulatedRun } from "./simulated-run.ts";

const RUN = simulatedRun({ seed: 1, seconds: 5 });
const other = (fields: Partial<RunFigures>): RunFigures => ({ ...RUN, id: "other", ...fields });

test.each<[string, Partial<RunFigures>, string]>([
  ["other users", { load: { users: 40 } }, "the load is not the same: users: 20, then 40"],
  ["another target class", { targets: { learn: "public" } }, "learn is a loopback target, then a public target"],
  ["a saturated generator", { faults: ["its generator was saturated: x"] }, "other: its generator was saturated: x"],
  ["other operations", { names: {} }, "no operation of one run is in the others"],
  [
    "a run that mostly does other things",
    { names: Object.fromEntries(Object.entries(RUN.names).slice(0, 1)) },
    `less than half of the operations of ${RUN.id} are in all runs`,
  ],
  [
    "times from planned starts beside whole rows",
    { source: "rows", planned: ["learn"] },
    "times from the planned start cannot be compared with the service's rows, which do not have them",
  ],
])("%s cannot be judged", (_, fields, invalid) => {
  expect(alike([RUN], [other(fields)]).invalid).toEqual([invalid]);
});

test.each<[string, Partial<RunFigures>, string]>([
  ["another version", { versions: { swarmbridge: "0.2.0" } }, "swarmbridge: 0.1.0, then 0.2.0"],
  ["a run that is twice as long", { seconds: 10 }, "they took from 5 to 10 s"],
  [
    "a run whose record does not know its users",
    { load: { ...RUN.load, users: null } },
    "other: how many users it had is not known",
  ],
  ["a strained generator", { generator: "strained" }, "other: its generator was strained"],
  [
    "an arrival rate",
    { planned: ["learn"] },
    "times of learn count from the planned start in other alone (arrival rate)",
  ],
])("%s is a note", (_, fields, note) => {
  const { invalid, notes } = alike([RUN], [other(fields)]);
  expect(invalid).toEqual([]);
  expect(notes[0]).toBe(note);
});

test("that one run a side cannot show how far runs differ is said, and not of two", () => {
  expect(alike([RUN], [other({})]).notes.join()).toContain("several runs a side measure it");
  expect(alike([RUN, other({})], [other({})]).notes).toEqual([]);
});

test("a tool that is gone is a note, and a constructor is a version like any other", () => {
  const { "learn:tools/call:list": _, ...names } = RUN.names;
  expect(alike([RUN], [other({ names })]).notes[0]).toMatch(
    /^learn:tools\/call:list is only before, \d+% of the operations/,
  );
  expect(alike([other({ names })], [RUN]).notes[0]).toMatch(/^learn:tools\/call:list is only after/);
  const odd = { ...RUN, versions: { constructor: "1" } };
  expect(alike([odd], [other({})]).notes.join()).not.toContain("constructor");
});

test.each<[string, Partial<RunFigures>, Partial<RunFigures>, string | undefined]>([
  ["another place", { place: "local" }, { place: "azure" }, "some runs were made here, the others at Azure"],
  ["another machine", { machines: ["m"] }, { machines: ["n"] }, "the runs were made on different machines, or on one"],
  ["another address", { origins: { learn: "1" } }, { origins: { learn: "2" } }, "learn stood at another address"],
  ["what is not told", { place: "local", machines: ["m"], origins: { learn: "1" } }, {}, undefined],
])("%s is a note, and what only one run tells is none", (_, one, two, note) => {
  const { notes } = alike([other(one), RUN], [other(two), RUN]);
  expect(notes).toEqual(note === undefined ? [] : [expect.stringContaining(note)]);
});

test("what an old record does not say is no difference", () => {
  expect(alike([RUN], [other({ targets: {}, versions: {} })])).toMatchObject({ invalid: [] });
  expect(alike([RUN], [other({ targets: { learn: "unknown" } })]).invalid).toEqual([]);
});
