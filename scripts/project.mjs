/** Where the project and its tools lie. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** @type {{ version: string, dependencies: Record<string, string> }} */
export const PACKAGE = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** The Node that runs everything of ours, whatever Node started this command. */
export const NODE = join(ROOT, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/**
 * The program that an npm package brings, to be run with `NODE`.
 * @param {string} packageName @param {string} program @returns {string}
 */
export const programOf = (packageName, program) => {
  const folder = join(ROOT, "node_modules", packageName);
  /** @type {{ bin: string | Record<string, string> }} */
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const path = typeof bin === "string" ? bin : bin[program];
  if (path === undefined) throw new Error(`${packageName} brings no program ${program}`);
  return join(folder, path);
};

/** @param {string} venv folder of a virtual environment, relative to the project @returns {string} its Python */
export const pythonOf = (venv) =>
  process.platform === "win32" ? join(ROOT, venv, "Scripts", "python.exe") : join(ROOT, venv, "bin", "python");
