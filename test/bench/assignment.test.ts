import { expect, test } from "vitest";
import { readReport } from "../../bench/assignment.ts";

test("the report is found among whatever else a generator says", () => {
  expect(readReport('Type Name\nbench-report {"calls":3}\nAggregated 3\n')).toEqual({ calls: 3 });
});

test("no report is null", () => {
  expect(readReport("Traceback\n")).toBeNull();
});
