import { describe, expect, test } from "vitest";
import { judge } from "../../scripts/stage-run.mjs";

const check = { name: "lint", title: "lint", command: (): [string, string[]] => ["true", []] };
const tests = (passed: number, failed: number) => ({ ...check, count: () => ({ passed, failed, skipped: 0 }) });
const end = { output: "", report: "" };

describe("a stage of npm test", () => {
  test("that is one check passes or fails by its exit code", () => {
    expect(judge(check, { ...end, code: 0 })).toMatchObject({ passed: 1, failed: 0, isFine: true });
    expect(judge(check, { ...end, code: 1 })).toMatchObject({ passed: 0, failed: 1, isFine: false });
  });

  test("fails when it ran no test", () => {
    expect(judge(tests(0, 0), { ...end, code: 0 })).toMatchObject({ failed: 1, isFine: false, remark: "ran no test" });
  });

  test("fails when the runner broke though no test failed", () => {
    expect(judge(tests(12, 0), { ...end, code: 1 })).toMatchObject({ passed: 12, failed: 1, isFine: false });
  });

  test("counts its failed tests once, not the exit code on top", () => {
    expect(judge(tests(10, 2), { ...end, code: 1 })).toMatchObject({ passed: 10, failed: 2, isFine: false });
  });

  test("fails on failed tests even if the runner forgot to say so", () => {
    expect(judge(tests(10, 2), { ...end, code: 0 }).isFine).toBe(false);
  });
});
