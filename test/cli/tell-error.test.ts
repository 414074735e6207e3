import { beforeEach, expect, test, vi } from "vitest";
import { AzureError } from "../../azure/azure-error.ts";
import { tellError } from "../../cli/tell-error.ts";

const written = { stdout: "", stderr: "" };
beforeEach(() => {
  for (const name of ["stdout", "stderr"] as const) {
    written[name] = "";
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      written[name] += String(text);
      return true;
    });
  }
});

const refused = new AzureError("AZURE_REFUSED", {
  place: "multi.py",
  why: "HTTP 400 TestScriptTooLarge: At most 50 MB.",
  requestId: "req-1",
});

test("what Azure refuses is told with its words, its id for a support case, and what to do", () => {
  expect(tellError(refused, false)).toBe(4);
  expect(written.stderr.split("\n")).toEqual([
    "Azure refused the request: multi.py (HTTP 400 TestScriptTooLarge: At most 50 MB., request id req-1)",
    expect.stringMatching(/^→ correct what it names/),
    "",
  ]);
  expect(written.stdout).toBe("");
});

test("for a program it is one object with its code", () => {
  expect(tellError(refused, true)).toBe(4);
  expect(JSON.parse(written.stdout)).toMatchObject({ version: 1, exitCode: 4, error: { code: "AZURE_REFUSED" } });
});
