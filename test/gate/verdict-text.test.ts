import { expect, test } from "vitest";
import { actualText } from "../../gate/value-text.ts";
import { verdictText } from "../../gate/verdict-text.ts";
import { BROKEN, HOSTILE_NAME, row, verdict } from "./verdicts.ts";

test("a table says what was asked, what was measured, and how it ended", () => {
  const rows = [
    row(),
    BROKEN,
    row({ criterion: "percentage(success) < 99.5", limit: 99.5, actualValue: 96.75, unit: "%", isLocal: true }),
  ];
  expect(verdictText(verdict({ result: "FAILED", rows, profile: "release", notes: ["so it is"] }))).toBe(
    [
      "gate: FAILED, 1 of 3 criteria is broken",
      "20260301-100000-demo, profile release",
      "  fails when                          measured",
      "  p95(response_time_ms) > 1000          812 ms  passed",
      "  percentage(error) > 1                  3.25%  failed",
      "  percentage(success) < 99.5 (local)    96.75%  passed",
      "  so it is",
      "",
    ].join("\n"),
  );
});

test("why a run cannot be judged stands below the table", () => {
  const rows = [row({ actualValue: null, status: "undetermined", remark: "no operation" })];
  const text = verdictText(verdict({ result: "INVALID", rows, invalid: ["there was no operation at all"] }));
  expect(text).toMatch(/^gate: INVALID, this run cannot be judged\n/);
  expect(text).toContain("-  undetermined\n  there was no operation at all\n");
});

test("Azure's own values have a column where there are any", () => {
  const azure = { actualValue: 1010, status: "failed" } as const;
  const text = verdictText(
    verdict({ result: "FAILED", rows: [row({ azure, status: "failed", remark: "passed by our own times" }), BROKEN] }),
  );
  expect(text).toContain("measured  at Azure\n");
  expect(text).toMatch(/ 812 ms {2}1,010 ms {2}failed\n {6}passed by our own times\n/);
});

test("a long name is shortened, and the criterion behind it stays whole", () => {
  const request = `azure-devops:tools/call:${"work_item_".repeat(20)}`;
  for (const line of verdictText(verdict({ rows: [row({ request })] })).split("\n")) {
    expect(line.length).toBeLessThanOrEqual(80);
    if (line.includes("azure-")) expect(line).toMatch(/ {2}azure-devop.*\.\..*_: p95\(response_time_ms\) > 1000 {2}/);
  }
});

test("colours are only those that were asked for, and a name cannot bring its own", () => {
  const rows = [row({ request: HOSTILE_NAME, status: "failed" })];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not come through
  expect(verdictText(verdict({ rows }))).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  expect(verdictText(verdict({ rows, result: "FAILED" }), { color: true })).toContain("\u001b[31m");
});

test.each([
  [1000.4, "1000.4 ms"],
  [999.6, "999.6 ms"],
  [1000, "1,000 ms"],
  [812.4, "812 ms"],
  [1000.00001, "1000.00001 ms"],
  [null, "-"],
])("%s ms against a limit of 1000 is shown as %s: never on the limit's other side", (actualValue, shown) => {
  expect(actualText(row({ actualValue }))).toBe(shown);
});
