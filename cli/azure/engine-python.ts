/** The Python and the Locust of an engine, as far as this machine has them: found, and made ready once for each requirements.txt. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { CommandError } from "../command-error.ts";
import { headAndTail, runProgram } from "./program.ts";

/** What Azure's engines are documented to have. */
export const ENGINE_PYTHON = "3.9";
export const ENGINE_LOCUST = "2.33.2";

const ASK_LIMIT_MS = 10_000;
const PIP_LIMIT_MS = 600_000;
const PIP_GRACE_MS = 2_000;
const PIP_LINES = 8;
const SETUP_FOLDER = ".setup";

export interface Python {
  readonly command: string;
  readonly version: string;
}

/**
 * @param named with `--python`
 * @throws {CommandError} when the named one is none, or none is found at all
 */
export const findEnginePython = async (named: string | undefined, env: NodeJS.ProcessEnv): Promise<Python> => {
  if (named !== undefined) {
    const python = await ask(named, env);
    if (python !== null) return python;
    throw new CommandError(
      `--python names ${named}, which is no Python 3.9 or newer that can make virtual environments`,
    );
  }
  const candidates = [
    env.SWARMBRIDGE_PYTHON39 ?? "",
    `python${ENGINE_PYTHON}`,
    ...pyenvPythons(env),
    "python3",
    "python",
  ];
  for (const candidate of candidates.filter((command) => command !== "")) {
    const python = await ask(candidate, env);
    if (python !== null) return python;
  }
  throw new CommandError("no Python was found: install Python 3.9, or name one with --python");
};

export const isEnginePython = ({ version }: Python): boolean => version.startsWith(`${ENGINE_PYTHON}.`);

const ASK = "import sys, venv, ensurepip; print('%d.%d.%d' % sys.version_info[:3])";

/** A command that exists proves nothing (version managers leave shims): it is run. */
const ask = async (command: string, env: NodeJS.ProcessEnv): Promise<Python | null> => {
  try {
    const { stdout } = await promisify(execFile)(command, ["-c", ASK], { env, timeout: ASK_LIMIT_MS });
    const version = /^3\.(\d+)\.\d+$/m.exec(stdout);
    return version === null || Number(version[1]) < 9 ? null : { command, version: version[0] };
  } catch {
    return null;
  }
};

const pyenvPythons = (env: NodeJS.ProcessEnv): string[] => {
  const versions = join(env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions");
  const names = existsSync(versions) ? readdirSync(versions) : [];
  return names.filter((name) => /^3\.9\.\d+$/.test(name)).map((name) => join(versions, name, "bin", "python"));
};

export interface Installation {
  readonly python: Python;
  /** Text of requirements.txt. */
  readonly requirements: string | null;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * A virtual environment with an engine's Locust and what requirements.txt asks for. Kept for the next rehearsal with the same
 * file.
 * @returns its folder of programs
 * @throws {CommandError} when pip cannot install it, with pip's own last words
 */
export const engineEnvironment = async ({
  python,
  requirements,
  env,
  cwd,
  signal,
  say,
}: Installation): Promise<string> => {
  const wanted = `${python.command}\n${python.version}\nlocust==${ENGINE_LOCUST}\n${requirements ?? ""}`;
  const folder = join(cacheFolder(cwd, env), createHash("sha256").update(wanted).digest("hex").slice(0, 16));
  const programs = join(folder, process.platform === "win32" ? "Scripts" : "bin");
  const done = join(folder, "swarmbridge-complete");
  if (existsSync(done) && readFileSync(done, "utf8") === wanted && existsSync(programs)) return programs;

  say("made ready once, with pip");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const log = join(folder, "install.log");
  const step = async (what: string, command: string, words: readonly string[]): Promise<void> => {
    const ended = await runProgram(command, words, {
      cwd: folder,
      env,
      log,
      signal,
      graceMs: PIP_GRACE_MS,
      limitMs: PIP_LIMIT_MS,
    });
    signal.throwIfAborted();
    if (ended.how !== "exited" || ended.code !== 0)
      throw new CommandError(`${what}. An engine would end here, too. pip's last words:\n${lastLines(log)}`);
  };
  await step(`${python.command} could not make a virtual environment`, python.command, ["-m", "venv", folder]);
  const file = join(folder, "requirements.txt");
  writeFileSync(file, requirements ?? "");
  // Together: a requirement that would move Locust away from the engine's version is a conflict.
  const packages = [`locust==${ENGINE_LOCUST}`, "-r", file];
  await step(
    `Locust ${ENGINE_LOCUST}, which an engine has, and requirements.txt could not be installed on Python ${python.version}`,
    join(programs, "python"),
    ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", ...packages],
  );
  writeFileSync(done, wanted);
  return programs;
};

/** In a checkout beside what its scripts have set up, else where this user's programs keep such things. */
const cacheFolder = (cwd: string, env: NodeJS.ProcessEnv): string => {
  const cache = env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return existsSync(join(cwd, SETUP_FOLDER))
    ? join(cwd, SETUP_FOLDER, "rehearsal")
    : resolve(cache, "swarmbridge", "rehearsal");
};

const lastLines = (log: string): string =>
  headAndTail(log)
    .trimEnd()
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-PIP_LINES)
    .map((line) => `  ${line.slice(0, 300)}`)
    .join("\n");
