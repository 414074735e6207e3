import { expect, test } from "vitest";
import type { TestFile } from "../../../azure/plane/data-plane.ts";
import { awaitValidation } from "../../../azure/run/await-validation.ts";
import { inTurn, scripted, testFile } from "./scripted-plane.ts";

const pending = testFile("multi.py", { fileType: "TEST_SCRIPT", validationStatus: "VALIDATION_INITIATED" });
const good = testFile("multi.py", { fileType: "TEST_SCRIPT" });
const refused = (name: string, details: string | null): TestFile =>
  testFile(name, { validationStatus: "VALIDATION_FAILURE", validationFailureDetails: details });

test("a list without what was uploaded is no validation", async () => {
  const { context, clock } = scripted({ files: inTurn<readonly TestFile[]>([], [good]) });
  await awaitValidation(context, "nightly", ["multi.py"]);
  expect(clock.ms).toBe(5_000);
  const { context: never } = scripted({ files: inTurn<readonly TestFile[]>([]) });
  await expect(awaitValidation(never, "nightly", ["multi.py"])).rejects.toMatchObject({
    code: "AZURE_VALIDATION",
    detail: { place: "multi.py" },
  });
});

test("waits for every file, not for the script alone", async () => {
  const late = testFile("data.zip", { validationStatus: "VALIDATION_INITIATED" });
  const { context, clock, events } = scripted({ files: inTurn([pending, late], [good, late], [good]) });
  await awaitValidation(context, "nightly", []);
  expect(clock.ms).toBe(10_000);
  expect(events.at(-1)).toEqual({ what: "validated" });
});

test("what Azure refuses is told in its own words, the script first", async () => {
  const script = { ...refused("multi.py", "ModuleNotFoundError: faker"), fileType: "TEST_SCRIPT" };
  const { context } = scripted({ files: inTurn([refused("data.zip", "too large"), script]) });
  await expect(awaitValidation(context, "nightly", [])).rejects.toMatchObject({
    code: "AZURE_VALIDATION",
    detail: { place: "multi.py", why: "ModuleNotFoundError: faker; 1 more: data.zip" },
  });
});

test("a refusal without a reason says so, and a long one is bounded", async () => {
  const { context } = scripted({ files: inTurn([refused("a.zip", null)]) });
  await expect(awaitValidation(context, "nightly", [])).rejects.toMatchObject({
    detail: { why: "Azure gives no reason" },
  });
  const { context: long } = scripted({ files: inTurn([refused("a.zip", "x".repeat(10_000))]) });
  const error = await awaitValidation(long, "nightly", []).catch((cause) => cause);
  expect(error.sentence.length).toBeLessThan(1000);
});

test("a validation that never ends is given up after ten minutes", async () => {
  const { context, clock } = scripted({ files: inTurn([pending]) });
  await expect(awaitValidation(context, "nightly", [])).rejects.toMatchObject({
    code: "AZURE_VALIDATION",
    detail: { place: "multi.py", why: "not validated after 10 minutes" },
  });
  expect(clock.ms).toBe(600_000);
});
