/** One step for real: a Locust of its own over the user's own traffic, and the record that it leaves. */

import { execFile } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import type { ProcessEnd } from "../../azure/rehearsal/process-end.ts";
import { measureOf } from "../../capacity/ceiling/measure-record.ts";
import type { RunStep, Shape } from "../../capacity/ceiling/step.ts";
import { isFile } from "../../config/find-file.ts";
import { headAndTail, runProgram } from "../azure/program.ts";
import { CommandError } from "../command-error.ts";
import { isRun, recordOf } from "../run-folder.ts";

/** Calls under way at the end of a step may end; more than that is not waited for. */
const STOP_TIMEOUT_S = 10;
/** Start-up, the ends of calls and sessions, the record. */
const EXTRA_MS = 120_000;
const GRACE_MS = 30_000;
const ASK_LIMIT_MS = 60_000;
const LAST_LINES = 12;

export interface LocustOptions {
  readonly python: string;
  readonly locustfile: string;
  readonly server: string;
  readonly shape: Shape;
  readonly stepMs: number;
  readonly warmUpMs: number;
  /** Of the search. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** More words for Locust. */
  readonly locust: readonly string[];
  readonly signal: AbortSignal;
}

/** @returns runs one; rejects with a CommandError when Locust does not begin, or leaves no record */
export const locustStep = (options: LocustOptions): RunStep => {
  const { python, locustfile, server, shape, stepMs, warmUpMs, folder, env, signal } = options;
  let number = 0;
  return async (sessions) => {
    number += 1;
    const place = join(folder, "steps", freeName(folder, number, sessions));
    mkdirSync(place, { recursive: true, mode: 0o700 });
    const log = join(place, "locust.log");
    const words = [
      ...["-m", "locust", "-f", locustfile, "--headless", "--shape", "none", "--exit-code-on-error", "0"],
      ...["-u", String(sessions), "-r", String(spawnRate(sessions, warmUpMs))],
      ...["-t", `${Math.ceil((warmUpMs + stepMs) / 1000)}s`, "-s", String(STOP_TIMEOUT_S)],
      ...options.locust,
    ];
    const ended = await runProgram(python, words, {
      env: {
        ...env,
        SWARMBRIDGE_RESULTS: place,
        SWARMBRIDGE_ONLY: server,
        SWARMBRIDGE_QUIET: "1",
        ...(shape === "calls" && { SWARMBRIDGE_ONE_SESSION: "1" }),
      },
      log,
      signal,
      graceMs: GRACE_MS,
      limitMs: warmUpMs + stepMs + EXTRA_MS,
    });
    const run = readdirSync(place).find((name) => isRun(join(place, name)));
    if (run === undefined || (ended.how === "exited" && ended.code !== 0 && !signal.aborted)) {
      throw new CommandError(
        `the step with ${sessions} sessions was no run of Locust. Its last words:\n${lastWords(log)}`,
      );
    }
    const dir = join(place, run);
    const plan = { sessions, server, warmUpMs, lengthMs: stepMs, dir: relative(folder, dir), shape };
    const measure = measureOf(recordOf(dir), plan);
    return { ...measure, cutOff: badEnd(ended) ?? measure.cutOff };
  };
};

/** In words; null for an end as planned. */
const badEnd = (ended: ProcessEnd): string | null => {
  switch (ended.how) {
    case "exited":
      return null;
    case "died":
      return `Locust was ended by ${ended.signal}`;
    case "too-long":
      return "Locust did not end by itself";
    case "not-started":
      return `Locust was not started: ${ended.why}`;
  }
};

/** All users are there after half of the warm-up, and do not come all at once. */
const spawnRate = (sessions: number, warmUpMs: number): number =>
  Math.max(1, Math.ceil(sessions / Math.max(1, warmUpMs / 2000)));

const freeName = (folder: string, number: number, sessions: number): string => {
  const taken = isFolder(join(folder, "steps")) ? readdirSync(join(folder, "steps")).length : 0;
  return `${String(Math.max(number, taken + 1)).padStart(3, "0")}-${sessions}`;
};

const isFolder = (path: string): boolean => {
  try {
    return readdirSync(path).length >= 0;
  } catch {
    return false; // The first step makes it.
  }
};

const lastWords = (log: string): string =>
  headAndTail(log)
    .trimEnd()
    .split("\n")
    .slice(-LAST_LINES)
    .map((line) => `  ${line.slice(0, 300)}`)
    .join("\n");

/**
 * A Python that has Locust: the named one, else that of `.venv`, of the active environment, or of PATH.
 * @throws {CommandError} when there is none
 */
export const locustPython = async (named: string | undefined, cwd: string, env: NodeJS.ProcessEnv): Promise<string> => {
  const program = process.platform === "win32" ? join("Scripts", "python.exe") : join("bin", "python");
  const own = [join(cwd, ".venv", program), ...(env.VIRTUAL_ENV ? [join(env.VIRTUAL_ENV, program)] : [])];
  const candidates = named === undefined ? [...own.filter(isFile), "python3", "python"] : [named];
  for (const candidate of candidates) {
    try {
      await promisify(execFile)(candidate, ["-m", "locust", "--version"], { env, timeout: ASK_LIMIT_MS });
      return candidate;
    } catch {
      // Not there, or without Locust: the next one.
    }
  }
  throw new CommandError(
    named === undefined
      ? "no Python with Locust was found: npm start sets one up in .venv, or name one with --python"
      : `--python names ${named}, which is no Python with Locust`,
  );
};
