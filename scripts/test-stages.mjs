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
 * @property {string} [beside] runs at the same time as its neighbours with the same word
 */

/** @param {string} packageName @param {string} program @param {string[]} args @returns {[string, string[]]} */
const npmProgram = (packageName, program, args) => [NODE, [programOf(packageName, program), ...args]];

const PYTEST = ["-m", "pytest", "-q", "-p", "no:cacheprovider"];
const CONFORMANCE = "test/conformance/main.ts";

/** @type {readonly Stage[]} */
const ALL = [
  {
    name: "biome",
    title: "biome",
    command: () => npmProgram("@biomejs/biome", "biome", ["ci", "--error-on-warnings", "."]),
  },
  { name: "tsc", title: "tsc", command: () => npmProgram("typescript", "tsc", ["--noEmit"]) },
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
  {
    name: "pytest",
    title: "pytest, newest",
    beside: "pytest",
    report: "pytest.xml",
    command: () => [newest.python, [...PYTEST, `--junitxml=${join(RESULTS, "pytest.xml")}`]],
    count: (_output, report) => countsOfJunit(report),
  },
  {
    name: "pytest-oldest",
    title: "pytest, oldest",
    beside: "pytest",
    report: "pytest-oldest.xml",
    command: () => [
      oldest.python,
      [...PYTEST, "-m", "not long and not bridge", `--junitxml=${join(RESULTS, "pytest-oldest.xml")}`],
    ],
    count: (_output, report) => countsOfJunit(report),
  },
  {
    name: "conformance",
    title: "conformance",
    command: () => [NODE, [CONFORMANCE]],
    count: countsOfScenarios,
  },
];

export const STAGES = ALL.filter(({ name }) => name !== "conformance" || existsSync(join(ROOT, CONFORMANCE)));
