/** The stages of `npm test` in their order, what a failure costs least first: one table. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { NODE, programOf, ROOT } from "./project.mjs";
import { newest, oldest } from "./set-up.mjs";
import { countsOfJunit, countsOfScenarios, countsOfVitest } from "./stage-counts.mjs";

/** Where the reports and the whole output of the stages lie afterwards. */
export const RESULTS = join(ROOT, "test-results");

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string} title
 * @property {() => [string, string[]]} command
 * @property {string} [report] file that the runner writes
 * @property {(output: string, report: string) => import("./stage-counts.mjs").Counts} [count] absent: the stage is one
 *   check, passed or failed
 * @property {string} [beside] takes turns with its neighbours of the same word, two at a time
 */

/** @param {string} packageName @param {string} program @param {string[]} args @returns {[string, string[]]} */
const npmProgram = (packageName, program, args) => [NODE, [programOf(packageName, program), ...args]];

const ON_OLDEST = ["-m", "not long and not bridge"];

/** @param {string} name @param {string} title @param {() => string} python @param {string[]} args @returns {Stage} */
const pytest = (name, title, python, args) => ({
  name,
  title,
  beside: "pytest",
  report: `${name}.xml`,
  command: () => [
    python(),
    ["-m", "pytest", "-q", "-p", "no:cacheprovider", ...args, `--junitxml=${join(RESULTS, `${name}.xml`)}`],
  ],
  count: (_output, report) => countsOfJunit(report),
});

const CONFORMANCE = "test/conformance/main.ts";

/** @type {readonly Stage[]} */
const ALL = [
  {
    name: "biome",
    title: "biome",
    command: () => npmProgram("@biomejs/biome", "biome", ["ci", "--error-on-warnings", "."]),
  },
  { name: "tsc", title: "tsc", command: () => npmProgram("typescript", "tsc", ["--noEmit"]) },
  {
    name: "tsc-browser",
    title: "tsc, for browsers",
    command: () => npmProgram("typescript", "tsc", ["--noEmit", "-p", "tsconfig.browser.json"]),
  },
  { name: "ruff", title: "ruff check", command: () => [newest.python, ["-m", "ruff", "check", "."]] },
  {
    name: "ruff-format",
    title: "ruff format",
    command: () => [newest.python, ["-m", "ruff", "format", "--check", "."]],
  },
  {
    name: "pyright",
    title: "pyright",
    command: () => npmProgram("pyright", "pyright", ["--pythonpath", newest.python]),
  },
  {
    name: "vitest",
    title: "vitest",
    report: "vitest.json",
    command: () =>
      npmProgram("vitest", "vitest", [
        "run",
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${join(RESULTS, "vitest.json")}`,
      ]),
    count: (_output, report) => countsOfVitest(report),
  },
  // In halves, which two cores take in turn: the newest Locust has more to run than the oldest.
  pytest("pytest-1", "pytest, newest 1/2", () => newest.python, ["--lane", "1/2"]),
  pytest("pytest-oldest-1", "pytest, oldest 1/2", () => oldest.python, ["--lane", "1/2", ...ON_OLDEST]),
  pytest("pytest-2", "pytest, newest 2/2", () => newest.python, ["--lane", "2/2"]),
  pytest("pytest-oldest-2", "pytest, oldest 2/2", () => oldest.python, ["--lane", "2/2", ...ON_OLDEST]),
  {
    name: "conformance",
    title: "conformance",
    command: () => [NODE, [CONFORMANCE]],
    count: countsOfScenarios,
  },
];

export const STAGES = ALL.filter(({ name }) => name !== "conformance" || existsSync(join(ROOT, CONFORMANCE)));
