import { expect, test } from "vitest";
import { readRun } from "../../../record/read-run.ts";
import { contextOf, nothingAround } from "../../../report/context.ts";
import { historySection } from "../../../report/section/history.ts";
import { type OneRun, writtenHistory } from "../../gate/history/written-history.ts";
import { SEARCH } from "../../record/samples.ts";
import { linesOf } from "../said.ts";

/** The last is the run of the report; the others come before it, the newest first. */
const sectionOf = (runs: readonly OneRun[]) => {
  const { results } = writtenHistory(runs);
  const records = runs.map((_, index) => readRun(`${results}/r${index}`));
  const [record, ...previous] = records.toReversed();
  if (record === undefined) throw new Error("no run");
  return historySection(contextOf(record, { ...nothingAround(new Date()), previous }));
};

test("two runs of a load, or several of different loads, have no row", () => {
  expect(sectionOf([{}, {}])).toBeNull();
  expect(sectionOf([{ fields: { plan: { users: 1 } } }, { fields: { plan: { users: 2 } } }, {}, {}])).toBeNull();
});

test("a run that left its row is said to have, in words, in the table and in a picture", () => {
  const section = sectionOf([50, 51, 49, 50, 52, 50, 90].map((p95Ms) => ({ p95Ms })));
  const blocks = section?.blocks ?? [];
  expect(blocks[1]).toMatchObject({ kind: "paragraph", tone: "warning" });
  expect(JSON.stringify(blocks[1])).toContain(`${SEARCH}, p95 in ms: the latest, 90, is above its row`);
  const table = blocks.find(({ kind }) => kind === "table");
  expect(table).toMatchObject({ rows: [["throughput"], ["errors"], ["p95"]].map(() => expect.anything()) });
  const [times, throughput] = blocks.filter(({ kind }) => kind === "chart");
  expect(times).toMatchObject({ series: [{ name: SEARCH, values: [50, 51, 49, 50, 52, 50, 90] }] });
  expect(throughput).toMatchObject({ series: [{ name: "all operations" }], y: { unit: "perSecond" } });
});

test("a steady row has no warning", () => {
  const section = sectionOf([50, 51, 49, 50, 52, 50, 51].map((p95Ms) => ({ p95Ms })));
  expect(section?.blocks.some((block) => "tone" in block)).toBe(false);
});

test("that too few runs are there to judge by is said once, and what is fine is folded away", () => {
  const section = sectionOf([{}, {}, {}]);
  expect(section?.blocks.map(({ kind }) => kind)).toEqual(["paragraph", "paragraph", "details"]);
  const lines = linesOf(section);
  expect(lines.filter((line) => /cannot be judged|too few/.test(line))).toEqual([
    "Whether its figures are usual cannot be judged: 5 runs that count are needed before it.",
  ]);
});

test("a run that does not count is told so in its row, and not that runs are missing", () => {
  const runs: OneRun[] = [{}, {}, { fields: { state: "running" } }];
  expect(linesOf(sectionOf(runs)).join("\n")).toContain("not counted: ");
  expect(linesOf(sectionOf(runs)).join("\n")).not.toContain("cannot be judged");
});
