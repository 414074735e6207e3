import { expect, test } from "vitest";
import { BLAME, type FindingCode } from "../../auth/check/finding.ts";
import { failed, fine, warned } from "../../auth/check/step.ts";
import { AzureError, type AzureErrorCode } from "../../azure/azure-error.ts";
import { exitCodeOfAzureError, exitCodeOfSteps, gravest } from "../../cli/exit-code.ts";
import { HINTS, type HintContext } from "../../cli/hints.ts";

const codes = Object.keys(BLAME) as FindingCode[];
const fail = (finding: FindingCode) => failed("token", { finding, sentence: "" });

test.each(codes)("%s has a hint that is one line and ends a check that failed with 3 or 4, a defect with 2", (code) => {
  expect(HINTS[code]({ place: null, server: "mine", strategy: "bearer" })).toMatch(/^[a-z][^\n]{5,}$/);
  expect(code === "DEFECT" ? [2] : [3, 4]).toContain(exitCodeOfSteps([fail(code)]));
});

const azureCodes = Object.keys(HINTS).filter((code): code is AzureErrorCode => code.startsWith("AZURE_"));

test.each(azureCodes)("%s has a hint that is one line, a message, and no exit code that a gate has", (code) => {
  const hint: (context: HintContext) => string = HINTS[code];
  expect(hint({ place: null, server: "", strategy: "" })).toMatch(/^[a-z][^\n]{5,}$/);
  const error = new AzureError(code);
  expect(error.message).toMatch(/^\S.{5,}$/);
  expect([2, 3, 4]).toContain(exitCodeOfAzureError(error));
});

test("of several failures the first counts: the others mostly follow from it", () => {
  expect(exitCodeOfSteps([fine("credential", ""), fail("AUTH_MISSING"), fail("TOKEN_REFUSED")])).toBe(3);
  expect(exitCodeOfSteps([fail("SERVER_UNREACHABLE"), fail("AUTH_MISSING")])).toBe(4);
});

test("a warning fails nothing", () => {
  expect(exitCodeOfSteps([warned("challenge", { finding: "SERVER_OPEN", sentence: "" })])).toBe(0);
});

test("of several servers the gravest counts, and none is fine", () => {
  expect(gravest([0, 3, 4, 0])).toBe(4);
  expect(gravest([])).toBe(0);
});
