/** Reads from what the test runners write how many tests ran. A runner that left nothing has run nothing. */
import { readFileSync } from "node:fs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @param {string} path report of `vitest --reporter=json` @returns {Counts} */
export const countsOfVitest = (path) => {
  const text = readText(path);
  if (text === null) return NOTHING;
  /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
   *   testResults: { status: string, assertionResults: unknown[] }[] }} */
  const report = JSON.parse(text);
  // A file that cannot even be imported has no test that could fail.
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
};

/** @param {string} path report in JUnit's XML, as pytest writes it @returns {Counts} */
export const countsOfJunit = (path) => {
  const suites = (readText(path) ?? "").match(/<testsuite [^>]*>/g) ?? [];
  const sum = (/** @type {string} */ name) =>
    suites.reduce((total, suite) => total + Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0), 0);
  const failed = sum("failures") + sum("errors");
  const skipped = sum("skipped");
  return { passed: Math.max(0, sum("tests") - failed - skipped), failed, skipped };
};

/**
 * @param {string} output of the conformance run, which ends with `N of M scenarios passed`
 * @returns {Counts} a scenario is a test
 */
export const countsOfScenarios = (output) => {
  const found = /^(\d+) of (\d+) scenarios passed$/m.exec(output);
  if (found === null) return NOTHING;
  const [passed, all] = [Number(found[1]), Number(found[2])];
  return { passed, failed: all - passed, skipped: 0 };
};

const NOTHING = { passed: 0, failed: 0, skipped: 0 };

/** @param {string} path */
const readText = (path) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null; // the runner did not get as far as writing it
  }
};
