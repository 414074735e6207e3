/**
 * How far a run is, read from what the bridges write anyway once a second: `run.json` of the record, or those of its
 * parts when the run has several processes. What it says is what the record will say, at most a second late.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ users: number, calls: number, failures: number }} Progress */

/**
 * @param {string} results folder of the run records
 * @returns {() => Progress | null} looks at the record that began after this call; null before there is one
 */
export const watchRun = (results) => {
  const newRun = watchForRun(results);
  return () => {
    const run = newRun();
    if (run === null) return null;
    const parts = folders(join(run, "parts")).map((part) => join(run, "parts", part));
    const read = (parts.length > 0 ? parts : [run]).flatMap((folder) => progressOf(folder) ?? []);
    return read.length === 0 ? null : read.reduce(added);
  };
};

/**
 * @param {string} results folder of the run records
 * @returns {() => string | null} the folder of the run that began after this call; null before there is one
 */
export const watchForRun = (results) => {
  const before = new Set(folders(results));
  /** @type {string | undefined} */
  let run;
  return () => {
    run ??= folders(results).find((name) => !before.has(name));
    return run === undefined ? null : join(results, run);
  };
};

/**
 * @param {string} run a folder
 * @returns {boolean} whether there is a record, or parts that a killed run has not made one of
 */
export const hasRecord = (run) =>
  [run, ...folders(join(run, "parts")).map((part) => join(run, "parts", part))].some((folder) =>
    existsSync(join(folder, "run.json")),
  );

/** @param {Progress} one @param {Progress} other @returns {Progress} */
const added = (one, other) => ({
  users: one.users + other.users,
  calls: one.calls + other.calls,
  failures: one.failures + other.failures,
});

/** @param {string} folder @returns {Progress | null} */
const progressOf = (folder) => {
  try {
    /** @type {{ operations: Record<string, { count: number, failures: number }>, generator: { usersPeak: number } }} */
    const { operations, generator } = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
    const all = Object.values(operations);
    return {
      users: generator.usersPeak,
      calls: all.reduce((sum, { count }) => sum + count, 0),
      failures: all.reduce((sum, { failures }) => sum + failures, 0),
    };
  } catch {
    return null; // not written yet; the progress line is no reason to end a run
  }
};

/** @param {string} folder @returns {string[]} names, none when it is not there */
const folders = (folder) => {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
};
