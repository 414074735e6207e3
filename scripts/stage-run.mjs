/** Runs one stage of `npm test` and says how it ended. */
import { rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { run } from "./children.mjs";
import { dim, green, red, seconds, showLive } from "./console.mjs";
import { NODE, ROOT } from "./project.mjs";
import { RESULTS } from "./test-stages.mjs";

/** Enough of a failed stage to see why; the whole of it is in a file. */
const FAILED_LINES = 80;
const TITLE_WIDTH = 20;

/**
 * @typedef {import("./stage-counts.mjs").Counts & { title: string, tookMs: number, isFine: boolean, remark: string,
 *   output: string, log: string }} StageResult
 */

/** More would take the cores from each other. */
const AT_ONCE = 2;

/**
 * Stages that wait more than they work, two at a time: the next one begins when one has ended.
 * @param {readonly import("./test-stages.mjs").Stage[]} stages
 * @returns {Promise<StageResult[]>} in their order
 */
export const runStages = async (stages) => {
  const startedMs = performance.now();
  /** @type {Set<string>} */
  const running = new Set();
  const hide = showLive(() => {
    return `    ${[...running].join(" | ").padEnd(TITLE_WIDTH)} ${seconds(performance.now() - startedMs)}`;
  });
  /** @type {StageResult[]} */
  const results = [];
  const waiting = stages.entries();
  const takeTurns = async () => {
    for (const [index, stage] of waiting) {
      running.add(stage.title);
      results[index] = await runStage(stage);
      running.delete(stage.title);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeTurns));
  hide();
  return results;
};

/** @param {import("./test-stages.mjs").Stage} stage @returns {Promise<StageResult>} */
const runStage = async (stage) => {
  const report = join(RESULTS, stage.report ?? `${stage.name}.none`);
  // A report of an earlier run must not be counted for a runner that did not get as far.
  rmSync(report, { force: true });
  const startedMs = performance.now();
  const [command, args] = stage.command();
  const { code, output } = await run(command, args, { cwd: ROOT, env: stageEnvironment() });
  const log = join(RESULTS, `${stage.name}.log`);
  writeFileSync(log, output);
  const tookMs = performance.now() - startedMs;
  return { title: stage.title, tookMs, output, log, ...judge(stage, { code, output, report }) };
};

/**
 * A runner that ends badly without a failed test (an error outside of tests, a crash) is one failure; one that ran
 * nothing is too.
 * @param {import("./test-stages.mjs").Stage} stage
 * @param {{ code: number, output: string, report: string }} end
 */
export const judge = (stage, { code, output, report }) => {
  if (stage.count === undefined) {
    const isFine = code === 0;
    return { passed: isFine ? 1 : 0, failed: isFine ? 0 : 1, skipped: 0, isFine, remark: "" };
  }
  const counts = stage.count(output, report);
  if (counts.failed > 0) return { ...counts, isFine: false, remark: "" };
  if (code !== 0) return { ...counts, failed: 1, isFine: false, remark: `ended with code ${code}` };
  if (counts.passed === 0) return { ...counts, failed: 1, isFine: false, remark: "ran no test" };
  return { ...counts, isFine: true, remark: "" };
};

/** @param {StageResult} result @returns {string} */
export const describeResult = ({ title, tookMs, isFine, remark, ...counts }) => {
  const mark = isFine ? green("✓") : red("✗");
  return `  ${mark} ${title.padEnd(TITLE_WIDTH)}${seconds(tookMs).padStart(12)}  ${describeCounts(counts)}${remark && `, ${remark}`}`;
};

/** @param {StageResult} result @returns {string} */
export const describeFailure = ({ output, log }) => {
  const lines = output.trimEnd().split("\n");
  const rest = lines.length > FAILED_LINES ? `${dim(`... all of it: ${relative(ROOT, log)}`)}\n` : "";
  return `\n${rest}${lines.slice(-FAILED_LINES).join("\n")}\n`;
};

/** @param {readonly StageResult[]} results @returns {string} the last line of `npm test` */
export const describeTotals = (results) => {
  const sum = (/** @type {"passed" | "failed" | "skipped"} */ key) =>
    results.reduce((total, result) => total + result[key], 0);
  return describeCounts({ passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") });
};

/** @param {import("./stage-counts.mjs").Counts} counts */
const describeCounts = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;

/** Our Node first on PATH, so that what a test starts runs on it; no colours, the output is captured. */
const stageEnvironment = () => ({
  ...process.env,
  PATH: [dirname(NODE), process.env.PATH].join(delimiter),
  NO_COLOR: "1",
  FORCE_COLOR: undefined,
});
