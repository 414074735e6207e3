/** Brings `node_modules` to what package-lock.json says, and looks whether it is there already. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { run } from "./children.mjs";
import { NODE, ROOT } from "./project.mjs";
import { SetUpError } from "./set-up-error.mjs";

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean }> }} Lock */

/**
 * Compares what npm noted down as installed with what the lock file wants; also true after the user's own `npm ci`.
 * Packages for other platforms are not expected.
 */
export const hasNpmPackages = () => {
  if (!existsSync(NODE)) return false;
  const wanted = readLock("package-lock.json");
  const installed = readLock("node_modules/.package-lock.json");
  if (wanted === null || installed === null) return false;
  return Object.entries(wanted.packages).every(([path, { version, optional }]) => {
    const there = installed.packages[path];
    return path === "" || (there === undefined ? optional === true : there.version === version);
  });
};

/** @returns {Promise<string>} the version of npm @throws {SetUpError} when npm does not run */
export const findNpm = async () => {
  const { code, output } = await runNpm(["--version"]);
  const version = output.trim().split("\n").at(-1);
  if (code === 0 && version) return version;
  throw new SetUpError("npm is needed and does not run.", { hint: "Install Node with npm.", output });
};

/**
 * @param {(line: string) => void} onLine
 * @throws {SetUpError} when npm fails, or left the `node` package without its binary
 */
export const installNpmPackages = async (onLine) => {
  const { code, output } = await runNpm(["ci"], onLine);
  if (code !== 0) throw new SetUpError("npm ci failed.", { output, hint: "Type `npm ci` to try it alone." });
  if (existsSync(NODE)) return;
  throw new SetUpError("The npm package `node` has no binary: its install script did not run (--ignore-scripts?).", {
    hint: "Type `npm rebuild node --ignore-scripts=false`, or allow the script in your npm configuration.",
  });
};

/**
 * The npm that runs this command, so that it is the user's own, else the one on PATH.
 * @param {readonly string[]} args @param {(line: string) => void} [onLine]
 */
const runNpm = (args, onLine) => {
  const options = { cwd: ROOT, ...(onLine ? { onLine } : {}) };
  const { npm_execpath: script, npm_node_execpath: node = process.execPath } = process.env;
  if (script && basename(script) === "npm-cli.js") return run(node, [script, ...args], options);
  return process.platform === "win32" ? run("npm.cmd", args, { ...options, shell: true }) : run("npm", args, options);
};

/** @param {string} path @returns {Lock | null} null when it is not there or not whole */
const readLock = (path) => {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), "utf8"));
  } catch {
    return null; // npm writes it last: an interrupted install has none
  }
};
