/**
 * `swarmbridge azure rehearse`: runs exactly the folder that would be uploaded, in empty places with nothing of this machine
 * around, on an engine's Python and Locust. What fails here would fail at Azure, where it costs more.
 */

import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { mergeEngines } from "../../azure/rehearsal/collect-records.ts";
import { type EngineEnd, faultsOf, foundLine, warningsOf } from "../../azure/rehearsal/engine-end.ts";
import { engineStarts } from "../../azure/rehearsal/engine-start.ts";
import { readUploadFolder, type UploadFolder } from "../../azure/rehearsal/upload-folder.ts";
import { newTestRunId } from "../../azure/run/test-run-id.ts";
import { openEnvironment } from "../../config/environment.ts";
import { shownPath } from "../../config/find-file.ts";
import { summarize } from "../../record/summary.ts";
import { EXIT, EXIT_OF_SIGNAL } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { ENGINE_LOCUST, ENGINE_PYTHON, engineEnvironment, findEnginePython, isEnginePython } from "./engine-python.ts";
import { prepareEngine, runEngine, type Stage } from "./rehearsed-engine.ts";
import { takeSignals } from "./take-signals.ts";

/** More would only measure this machine. */
const MOST_BY_ITSELF = 2;
const EVERY_MS = 10_000;

export interface RehearseOptions {
  /** The upload folder. */
  readonly dir: string;
  /** undefined: as many as the test has, at most two. */
  readonly engines: number | undefined;
  readonly python: string | undefined;
  readonly runTimeSeconds: number;
  /** Leave the engines' folders where they are. */
  readonly keep: boolean;
}

/**
 * @returns the exit code
 * @throws {AzureError} AZURE_FILE when the folder is none
 * @throws {CommandError} when there is no Python, or pip cannot install what the folder asks for
 */
export const azureRehearse = async (options: RehearseOptions, output: Output): Promise<number> => {
  const folder = readUploadFolder(resolve(options.dir));
  const engines = options.engines ?? Math.min(folder.engines, MOST_BY_ITSELF);
  const starts = engineStarts(folder, { engines, runTimeSeconds: options.runTimeSeconds });
  const python = await findEnginePython(options.python, output.env);
  const secrets = secretsOf(folder, output);
  tellPlan({ folder, python, starts, options, output });

  const stopped = new AbortController();
  let heard: keyof typeof EXIT_OF_SIGNAL | null = null;
  const release = takeSignals((signal) => {
    heard ??= signal;
    stopped.abort();
  });
  const place = mkdtempSync(join(tmpdir(), "swarmbridge-rehearsal-"));
  try {
    const programs = await engineEnvironment({
      python,
      requirements: folder.requirements,
      env: output.env,
      cwd: process.cwd(),
      signal: stopped.signal,
      say: (line) => say(output, "packages", line),
    });
    const { runTimeSeconds } = options;
    const stages = starts.map(({ number }): Stage => {
      const own = join(place, `engine-${number}`);
      return { place: own, programs, folder, secrets, runTimeSeconds, signal: stopped.signal };
    });
    for (const stage of stages) await prepareEngine(stage);
    const progress = tellProgress(output, runTimeSeconds);
    const ends = await Promise.all(starts.map((start, index) => runEngine(start, stages[index] as Stage))).finally(() =>
      clearInterval(progress),
    );
    stopped.signal.throwIfAborted();
    return tellEnds(ends, folder, output);
  } catch (error) {
    if (heard === null) throw error;
    output.print("stopped: the engines were ended");
    return EXIT_OF_SIGNAL[heard];
  } finally {
    release();
    if (options.keep) say(output, "kept", place);
    else removeAll(place);
  }
};

/** Values from here; their names are all that the folder knows. */
const secretsOf = ({ secrets, certificates, splitsFiles }: UploadFolder, output: Output): Record<string, string> => {
  const lookup = openEnvironment(output.env, [resolve(".env")]);
  const found: Record<string, string> = {};
  for (const name of secrets) {
    const value = lookup(name);
    if (value === undefined)
      warn(output, `${name} is not set here, neither in the environment nor in .env: at Azure it comes from Key Vault`);
    else {
      output.redactor.learn(value);
      found[name] = value;
    }
  }
  if (certificates.length > 0)
    warn(output, `certificates are not rehearsed: ${certificates.join(", ")} comes from Key Vault`);
  if (splitsFiles) warn(output, "splitAllCSVs is not rehearsed: each engine gets whole files here");
  return found;
};

interface Telling {
  readonly folder: UploadFolder;
  readonly python: { readonly command: string; readonly version: string };
  readonly starts: readonly { readonly number: number; readonly users: number; readonly words: readonly string[] }[];
  readonly options: RehearseOptions;
  readonly output: Output;
}

const tellPlan = ({ folder, python, starts, options, output }: Telling): void => {
  const users = starts.map((start) => start.users).join(" + ");
  say(output, "folder", `${shownPath(folder.dir, process.cwd())}: ${folder.files.length} files, ${folder.testPlan}`);
  say(output, "python", `${python.version} (${python.command}), Locust ${ENGINE_LOCUST}`);
  if (!isEnginePython(python)) {
    warn(output, `an engine has Python ${ENGINE_PYTHON}, and this is another one: --python names one`);
  }
  say(output, "engines", `${starts.length} of ${folder.engines}, ${users} users, ${options.runTimeSeconds} s`);
  say(output, "command", `locust ${starts[0]?.words.join(" ") ?? ""}`);
  say(output, "", output.style.dim("Azure does not document the words with which it starts Locust: these are ours."));
};

const tellProgress = (output: Output, runTimeSeconds: number): NodeJS.Timeout => {
  const began = Date.now();
  return setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000);
    say(output, "running", seconds < runTimeSeconds ? `${seconds} s of ${runTimeSeconds} s` : "the users are leaving");
  }, EVERY_MS);
};

const tellEnds = (ends: readonly EngineEnd[], folder: UploadFolder, output: Output): number => {
  const { red, green, columns } = output.style;
  for (const end of ends) {
    const found = foundLine(end);
    if (found !== null) say(output, `engine ${end.number}`, found.replace(/; the record lies in .*/, ""));
    for (const warning of warningsOf(end)) warn(output, `engine ${end.number}: ${warning}`);
    for (const fault of faultsOf(end)) say(output, `engine ${end.number}`, red(fault));
  }
  const id = newTestRunId(`rehearsal-${folder.testPlan}`, new Date());
  const runDir = resolve(output.env.SWARMBRIDGE_RESULTS ?? "results", id);
  const record = mergeEngines(runDir, id, ends);
  if (record !== null) {
    output.print("");
    output.print(output.redactor.clean(summarize(record, { columns, color: red("") !== "" })).trimEnd());
    output.print("");
  }
  const failed = ends.filter((end) => faultsOf(end).length > 0).length;
  if (failed > 0) {
    say(output, "rehearsal", red(`${failed} of ${ends.length} engines would fail at Azure`));
    return EXIT.wrongInput;
  }
  say(output, "rehearsal", green("this folder runs on an engine, as far as this machine can say"));
  return EXIT.fine;
};

const LABEL_COLUMNS = 11;

const say = (output: Output, label: string, text: string): void => {
  output.print(output.redactor.clean(`${label.padEnd(LABEL_COLUMNS)}${text}`));
};

const warn = (output: Output, text: string): void => say(output, "note", output.style.yellow(text));

/** With the rights that an engine's folder was denied. */
const removeAll = (place: string): void => {
  for (const entry of readdirSync(place, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o700);
  }
  rmSync(place, { recursive: true, force: true });
};
