import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { countsOfJunit, countsOfScenarios, countsOfVitest } from "../../scripts/stage-counts.mjs";

const folder = mkdtempSync(join(tmpdir(), "stage-counts-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test("pytest's report gives passed as what neither failed nor was skipped", () => {
  const xml =
    '<testsuites name="x"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="20"></testsuite>';
  expect(countsOfJunit(file("a.xml", xml))).toEqual({ passed: 14, failed: 3, skipped: 3 });
});

test("vitest's report counts a test file that could not be imported as a failure", () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: [
      { status: "failed", assertionResults: [] },
      { status: "failed", assertionResults: [{}] },
    ],
  };
  expect(countsOfVitest(file("b.json", JSON.stringify(report)))).toEqual({ passed: 5, failed: 2, skipped: 3 });
});

test("a runner that wrote no report has run nothing", () => {
  const nothing = { passed: 0, failed: 0, skipped: 0 };
  expect(countsOfVitest(join(folder, "none.json"))).toEqual(nothing);
  expect(countsOfJunit(join(folder, "none.xml"))).toEqual(nothing);
  expect(countsOfScenarios("Segmentation fault")).toEqual(nothing);
});

test("a scenario of the conformance run is a test", () => {
  const output = "ok     2026-07-28  tools_call   2 checks passed\n11 of 12 scenarios passed\n";
  expect(countsOfScenarios(output)).toEqual({ passed: 11, failed: 1, skipped: 0 });
});
