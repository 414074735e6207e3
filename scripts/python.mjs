/** Finds the machine's Pythons. A command that exists proves nothing (version managers leave shims): each is run. */
import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { run } from "./children.mjs";
import { SetUpError } from "./set-up-error.mjs";

/** Oldest Python that the locustfiles run on, and the one of Azure Load Testing's engines. */
const OLDEST_MINOR = 9;

/** @typedef {{ command: string, args: readonly string[], version: string, hasVenv: boolean }} Python */

const ASK = "import sys; print('.'.join(map(str, sys.version_info[:3]))); import venv, ensurepip; print('venv')";

/**
 * The Python that `.venv` is made from.
 * @returns {Promise<Python>}
 * @throws {SetUpError} when there is none, all are too old, or the first good one cannot make virtual environments
 */
export const findPython = async (environment = process.env) => {
  const named = environment.SWARMBRIDGE_PYTHON;
  if (named) {
    const python = await ask(named);
    if (python === null) {
      throw new SetUpError(`SWARMBRIDGE_PYTHON names ${named}, which does not run as a Python.`);
    }
    if (!isNewEnough(python)) {
      throw new SetUpError(`SWARMBRIDGE_PYTHON names Python ${python.version}, 3.${OLDEST_MINOR} or newer is needed.`);
    }
    return withVenv(python);
  }
  const tooOld = [];
  for (const [command, ...args] of [["python3"], ["python"], ["py", "-3"]]) {
    const python = await ask(/** @type {string} */ (command), args);
    if (python === null) continue;
    if (isNewEnough(python)) return withVenv(python);
    tooOld.push(python.version);
  }
  const found = tooOld.length > 0 ? `, found only ${tooOld.join(" and ")}` : "";
  throw new SetUpError(`Python 3.${OLDEST_MINOR} or newer is needed${found}.`, {
    hint: "Install one, or name it: SWARMBRIDGE_PYTHON=/path/to/python3 npm start",
  });
};

/**
 * A real Python 3.9, for tests as an engine runs them: named in SWARMBRIDGE_PYTHON39, on PATH, or one that pyenv, uv or
 * the Windows launcher keep.
 * @returns {Promise<Python | null>}
 */
export const findPython39 = async (environment = process.env) => {
  const named = environment.SWARMBRIDGE_PYTHON39;
  if (named) {
    const python = await ask(named);
    if (python !== null && is39(python)) return withVenv(python);
    throw new SetUpError(`SWARMBRIDGE_PYTHON39 names ${named}, which does not run as a Python 3.9.`);
  }
  const candidates = [["python3.9"], ...pyenvPythons(environment), ["py", "-3.9"]];
  for (const [command, ...args] of candidates) {
    const python = await ask(/** @type {string} */ (command), args);
    if (python?.hasVenv && is39(python)) return python;
  }
  const uv = await run("uv", ["python", "find", "--no-python-downloads", "3.9"]);
  return uv.code === 0 ? ask(uv.output.trim()) : null;
};

/** @param {NodeJS.ProcessEnv} environment @returns {string[][]} */
const pyenvPythons = (environment) => {
  const versions = join(environment.PYENV_ROOT || join(homedir(), ".pyenv"), "versions");
  try {
    return readdirSync(versions)
      .filter((name) => /^3\.9\.\d+$/.test(name))
      .map((name) => [join(versions, name, "bin", "python")]);
  } catch {
    return []; // no pyenv here
  }
};

/** @param {string} command @param {readonly string[]} [args] @returns {Promise<Python | null>} */
const ask = async (command, args = []) => {
  const { output } = await run(command, [...args, "-c", ASK]);
  const version = /^(\d+\.\d+\.\d+)\s*$/m.exec(output)?.[1];
  return version === undefined ? null : { command, args, version, hasVenv: /^venv\s*$/m.test(output) };
};

/** @param {Python} python @returns {[number, number]} */
const majorMinor = ({ version }) => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return [major, minor];
};

/** @param {Python} python */
const isNewEnough = (python) => {
  const [major, minor] = majorMinor(python);
  return major === 3 && minor >= OLDEST_MINOR;
};

/** @param {Python} python */
const is39 = (python) => majorMinor(python).join(".") === "3.9";

/** @param {Python} python */
const withVenv = (python) => {
  if (python.hasVenv) return python;
  const minor = majorMinor(python)[1];
  throw new SetUpError(`Python ${python.version} cannot make virtual environments, its venv module is missing.`, {
    hint: `On Debian and Ubuntu: apt install python3.${minor}-venv (or python3-venv). Or name another Python in SWARMBRIDGE_PYTHON.`,
  });
};
