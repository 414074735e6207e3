/** Runs one load generator to its end and takes its report. */
import { join } from "node:path";
import { ASSIGNMENT_VARIABLE, type Assignment, readReport } from "./assignment.ts";
import { BenchError } from "./bench-error.ts";
import type { Workplace } from "./bridge-settings.ts";
import { signalChild, startChild } from "./children.ts";
import { onCore, type Role } from "./cores.ts";
import { ROOT } from "./requirements.ts";

/** What a generator may take for its start, its sessions and its end, besides its warm-up and its window. */
const SPARE_MS = 60_000;
const STDERR_KEPT = 2_000;

export interface Generator {
  readonly command: readonly string[];
  readonly role: Role;
  readonly workplace: Workplace;
  readonly task: Assignment;
}

export const nodeCommand = (program: string): readonly string[] => [
  process.execPath,
  join(ROOT, "bench", "generator", program),
];

/**
 * Headless, all users at once; the locustfile ends the run itself, the run time is only for the worst case.
 * @param locustfile in `bench/locust/`, or a path from there
 */
export const locustCommand = (python: string, locustfile: string, { users, warmUpMs, windowMs }: Assignment) => [
  ...[python, "-m", "locust", "--headless", "--only-summary", "--loglevel", "WARNING", "--exit-code-on-error", "0"],
  ...["--users", String(users), "--spawn-rate", String(users)],
  ...["--run-time", `${Math.ceil((warmUpMs + windowMs + SPARE_MS) / 1000)}s`],
  ...["--locustfile", join(ROOT, "bench", "locust", locustfile)],
];

export interface Program {
  readonly command: readonly string[];
  /** Null to let it run on any core. */
  readonly role: Role | null;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** When it is ended without a report. */
  readonly limitMs: number;
}

/** @throws {BenchError} GENERATOR_FAILED, with the end of what it said */
export const runGenerator = <Shape extends object>({ command, role, workplace, task }: Generator): Promise<Shape> =>
  runProgram({
    command,
    role,
    folder: workplace.folder,
    env: {
      ...workplace.environment(task.url, task.revision),
      PYTHONPATH: join(ROOT, "locustfiles"),
      [ASSIGNMENT_VARIABLE]: JSON.stringify(task),
    },
    limitMs: task.warmUpMs + task.windowMs + 2 * SPARE_MS,
  });

/** Runs a program that ends with a report. @throws {BenchError} GENERATOR_FAILED, with the end of what it said */
export const runProgram = async <Shape extends object>(program: Program): Promise<Shape> => {
  const { command, role, folder, env, limitMs } = program;
  const child = startChild(role === null ? command : onCore(role, command), {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let said = "";
  let complained = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complained = (complained + text).slice(-STDERR_KEPT);
  });
  const limit = setTimeout(() => signalChild(child, "SIGKILL"), limitMs);
  await new Promise<void>((resolve, reject) => {
    child.once("error", (cause) => reject(new BenchError("GENERATOR_FAILED", command.join(" "), { cause })));
    child.once("close", () => resolve());
  });
  clearTimeout(limit);
  const report = readReport<Shape>(said);
  if (report === null) {
    throw new BenchError("GENERATOR_FAILED", `${command.join(" ")}\n${complained.trim() || said.slice(-STDERR_KEPT)}`);
  }
  return report;
};
