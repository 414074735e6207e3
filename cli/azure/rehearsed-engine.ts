/** One engine of a rehearsal: a folder of its own with the uploaded files, a Locust in it, nothing of this machine around it. */

import { chmodSync, copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { recordOfEngine } from "../../azure/rehearsal/collect-records.ts";
import type { EngineEnd } from "../../azure/rehearsal/engine-end.ts";
import type { EngineStart } from "../../azure/rehearsal/engine-start.ts";
import type { UploadFolder } from "../../azure/rehearsal/upload-folder.ts";
import { CommandError } from "../command-error.ts";
import { headAndTail, runProgram } from "./program.ts";

const READ_ONLY_FILE = 0o444;
const READ_ONLY_FOLDER = 0o555;
/** A user's calls, its sessions' ends, the record and its summary. */
const GRACE_MS = 60_000;
const END_GRACE_MS = 15_000;
const UNPACK_LIMIT_MS = 60_000;

export interface Stage {
  /** Empty folder of this engine. */
  readonly place: string;
  /** Folder of Python and Locust. */
  readonly programs: string;
  /** Put before a command, so that rights count for it (plain-rights.ts). */
  readonly before: readonly string[];
  readonly folder: UploadFolder;
  /** Values of the test's secrets, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly runTimeSeconds: number;
  readonly signal: AbortSignal;
}

/** Writes the files that go up into the engine's folder, and takes the right to write there away. */
export const prepareEngine = async (stage: Stage): Promise<void> => {
  const { place, programs, folder, signal } = stage;
  const code = codeOf(stage);
  for (const made of [code, temporaryOf(stage)]) mkdirSync(made, { recursive: true, mode: 0o700 });
  for (const name of folder.files) copyFileSync(join(folder.dir, name), join(code, name));
  for (const zip of folder.zips) {
    const words = ["-m", "zipfile", "-e", join(code, zip), code];
    const env = bareEnvironment(stage);
    const log = join(place, "unpack.log");
    const done = await runProgram(join(programs, "python"), words, {
      env,
      log,
      signal,
      graceMs: 1_000,
      limitMs: UNPACK_LIMIT_MS,
    });
    if (done.how !== "exited" || done.code !== 0) throw new CommandError(`${zip} cannot be unpacked: write it anew`);
  }
  for (const name of readdirSync(code, { recursive: true, withFileTypes: true })) {
    chmodSync(join(name.parentPath, name.name), name.isDirectory() ? READ_ONLY_FOLDER : READ_ONLY_FILE);
  }
  chmodSync(code, READ_ONLY_FOLDER);
};

/** @returns how it ended; it does end */
export const runEngine = async (start: EngineStart, stage: Stage): Promise<EngineEnd> => {
  const { programs, secrets, runTimeSeconds, signal } = stage;
  const [command = "", ...words] = [...stage.before, join(programs, "locust"), ...start.words];
  const code = codeOf(stage);
  const log = join(stage.place, "locust.log");
  const before = new Set(readdirSync(code));
  const ended = await runProgram(command, words, {
    cwd: code,
    env: { ...start.env, ...secrets, ...bareEnvironment(stage) },
    log,
    signal,
    graceMs: END_GRACE_MS,
    limitMs: runTimeSeconds * 1_000 + GRACE_MS,
  });
  // Where rights do not count, for root, it may have written. `results` and Python's own cache are what we look for there.
  const written = readdirSync(code).filter((name) => !before.has(name) && name !== "results" && name !== "__pycache__");
  const record = recordOfEngine(code, temporaryOf(stage));
  return { number: start.number, ended, log: headAndTail(log), record, written };
};

const codeOf = ({ place }: Stage): string => join(place, "code");
const temporaryOf = ({ place }: Stage): string => join(place, "tmp");

/** No variable of this machine, and a home that nothing can be written to, whoever we are. */
const bareEnvironment = (stage: Stage): NodeJS.ProcessEnv => ({
  PATH: [stage.programs, "/usr/bin", "/bin"].join(process.platform === "win32" ? ";" : ":"),
  HOME: "/dev/null",
  TMPDIR: temporaryOf(stage),
  ...(process.env.SYSTEMROOT !== undefined && { SYSTEMROOT: process.env.SYSTEMROOT }),
});
