import { expect, test } from "vitest";
import { Recording } from "../../record/recording.ts";
import { mergedRow, parseRow, rowLine, timelineRow } from "../../record/timeline.ts";
import { SEARCH, sample } from "./samples.ts";

const rowOf = (samples: readonly Parameters<typeof sample>[0][]) => {
  const recording = new Recording();
  for (const fields of samples) recording.record(sample(fields));
  return timelineRow({ second: 3, recording, gauges: null, hasBuckets: true });
};

const ARRIVAL = "learn:arrival:LearnUser";

test("a row says why operations failed, those without any time included", () => {
  const row = rowOf([{}, { outcome: "connect", serviceMs: undefined, responseMs: undefined }, { outcome: "timeout" }]);
  expect(row.operations[SEARCH]).toMatchObject({ count: 3, failures: 2, reasons: { connect: 1, timeout: 1 } });
});

test("a row without failures and without planned starts says nothing of either", () => {
  const row = rowOf([{}]);
  expect(row).not.toHaveProperty("arrivals");
  expect(row.operations[SEARCH]).not.toHaveProperty("reasons");
});

test("planned starts of a second are begun or dropped, and are no operations", () => {
  const row = rowOf([{ name: ARRIVAL }, { name: ARRIVAL }, { name: ARRIVAL, outcome: "dropped" }]);
  expect(row.arrivals).toEqual({ [ARRIVAL]: { begun: 2, dropped: 1 } });
  expect(row.operations).toEqual({});
});

test("rows of several processes add up, reasons and planned starts too", () => {
  const one = rowOf([{ outcome: "timeout" }, { name: ARRIVAL }]);
  const other = rowOf([{ outcome: "timeout" }, { outcome: "connect" }, { name: ARRIVAL, outcome: "dropped" }]);
  const merged = mergedRow(3, [one, other]);
  expect(merged.operations[SEARCH]).toMatchObject({ count: 3, failures: 3, reasons: { timeout: 2, connect: 1 } });
  expect(merged.arrivals).toEqual({ [ARRIVAL]: { begun: 1, dropped: 1 } });
  expect(parseRow(rowLine(merged))).toEqual(merged);
});

test("a row of an older record is read as it is", () => {
  const row = { second: 0, operations: { [SEARCH]: { count: 2, failures: 1 } }, gauges: null };
  expect(parseRow(JSON.stringify(row))).toEqual(row);
});
