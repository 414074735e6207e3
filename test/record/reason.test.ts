import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isOutcome, OUTCOMES, REASONS } from "../../record/reason.ts";

const documented = readFileSync(new URL("../../docs/measurement.md", import.meta.url), "utf8")
  .split("## Reasons")[1]
  ?.matchAll(/^\| `([^`]+)` \| (\w+) \| (.+) \|$/gm);

test("the table of reasons in docs/measurement.md is complete, with the family of each", () => {
  const table = Array.from(documented ?? [], ([, reason, family]) => [reason, family]);
  expect(table).toEqual(Object.entries(REASONS).map(([reason, { family }]) => [reason, family]));
});

test("no text of a reason holds a number that varies", () => {
  for (const { text } of Object.values(REASONS)) expect(text.replace(/HTTP \dxx|HTTP \d{3}/, "")).not.toMatch(/\d/);
});

test("what is on no list is no outcome", () => {
  for (const outcome of OUTCOMES) expect(isOutcome(outcome)).toBe(true);
  for (const other of ["toString", "OK", "", null, 1]) expect(isOutcome(other)).toBe(false);
});
