import { expect, test } from "vitest";
import { failureTone } from "../../report/failure-tone.ts";
import { signaturesSection } from "../../report/section/signatures.ts";
import { toolsSection } from "../../report/section/tools.ts";
import { many, writtenRun } from "../record/written-run.ts";
import { contextFor } from "./said.ts";

const servers = { learn: { url: "http://127.0.0.1:1/mcp", slo: { errorPercent: 2 } } };
const TIMEOUT = { outcome: "timeout", serviceMs: 900, responseMs: 901 } as const;

test.each([
  ["none", 0, "learn", undefined],
  ["as many as its limit allows", 2, "learn", undefined],
  ["more than its limit allows", 3, "learn", "bad"],
  ["more than our default allows, of a server without limits", 2, "github", "bad"],
])("of a hundred operations %s: %i failures of %s", (_, failures, server, tone) => {
  expect(failureTone({ failures, of: 100 }, { servers }, server)).toBe(tone);
});

/** Cells of the first row of a section's table, as JSON. */
const firstRow = (section: ReturnType<typeof toolsSection>): string => {
  const table = section?.blocks.find(({ kind }) => kind === "table");
  return JSON.stringify(table?.kind === "table" ? table.rows[0] : null);
};

test.each([
  [1, false],
  [3, true],
])("%i failures of a hundred with a limit of 2% are alarming in the tables: %s", (failed, isBad) => {
  const run = writtenRun([...many(100 - failed, {}), ...many(failed, TIMEOUT)], { identity: { servers } });
  for (const section of [toolsSection(contextFor(run)), signaturesSection(contextFor(run))]) {
    expect(firstRow(section)).toContain(`${failed}.0%`);
    expect(firstRow(section).includes('"bad"')).toBe(isBad);
  }
});

test("no failure is 0% in all tables", () => {
  expect(firstRow(toolsSection(contextFor(writtenRun(many(100, {})))))).toContain('"0%"');
});
