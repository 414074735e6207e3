import { expect, test } from "vitest";
import { compareSides } from "../../../gate/compare/comparison.ts";
import { compareDocument } from "../../../report/compare/compare-document.ts";
import { documentMarkdown } from "../../../report/markdown.ts";
import { simulatedRun } from "../../gate/compare/simulated-run.ts";

test("the document says why a figure whose interval is off zero is no difference", () => {
  const names = { "learn:tools/call:search": [100, 20] as const };
  const comparison = compareSides([simulatedRun({ seed: 1, names })], [simulatedRun({ seed: 2, names })]);
  const [all, ...others] = comparison.rows;
  const change = all?.changes.throughput;
  if (all === undefined || change == null) throw new Error("no throughput of all operations");
  const may = { ...change, told: "no difference", isBroken: false, change: -68, low: -88, high: -14 } as const;
  const rows = [{ ...all, changes: { ...all.changes, throughput: may } }, ...others];
  const text = documentMarkdown(compareDocument([{ ...comparison, rows, broken: [] }], []));
  expect(text).toContain("no difference that is sure: one of so many may be chance; ");
});
