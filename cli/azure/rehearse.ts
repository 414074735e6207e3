/**
 * `swarmbridge azure rehearse`: runs exactly the folder that would be uploaded, in empty places with nothing of this machine
 * around, on an engine's Python and Locust. What fails here would fail at Azure, where it costs more.
 */

import { join, resolve } from "node:path";
import { engineStarts } from "../../azure/rehearsal/engine-start.ts";
import { readUploadFolder, type UploadFolder } from "../../azure/rehearsal/upload-folder.ts";
import { openEnvironment } from "../../config/environment.ts";
import { CommandError } from "../command-error.ts";
import { EXIT_OF_SIGNAL } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { takeSignals } from "../take-signals.ts";
import { engineEnvironment, findEnginePython } from "./engine-python.ts";
import { plainRights } from "./plain-rights.ts";
import { makePlace, removePlace, sweepPlaces } from "./rehearsal-place.ts";
import { say, tellEnds, tellPlan, tellProgress, warn } from "./rehearsal-report.ts";
import { prepareEngine, runEngine, type Stage } from "./rehearsed-engine.ts";

/** More would only measure this machine. */
const MOST_BY_ITSELF = 2;
/** Each is a Locust and a bridge of its own, with some 200 MB. */
const MOST_ENGINES = 16;

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
 * @throws {CommandError} when more engines are asked for than there are, when there is no Python, or pip cannot install what the folder asks for
 */
export const azureRehearse = async (options: RehearseOptions, output: Output): Promise<number> => {
  const folder = readUploadFolder(resolve(options.dir));
  const engines = enginesOf(options, folder);
  const starts = engineStarts(folder, { engines, runTimeSeconds: options.runTimeSeconds });
  const python = await findEnginePython(options.python, output.env);
  const secrets = secretsOf(folder, output);
  tellPlan({ folder, python, starts, runTimeSeconds: options.runTimeSeconds, output });

  const stopped = new AbortController();
  let heard: keyof typeof EXIT_OF_SIGNAL | null = null;
  const release = takeSignals((signal) => {
    heard ??= signal;
    stopped.abort();
  });
  sweepPlaces();
  const place = makePlace(options.keep);
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
    const before = await plainRights(programs);
    if (before === null) warn(output, "for root no folder is read-only here: what is written beside the code is told");
    const stages = starts.map(({ number }): Stage => {
      const own = join(place, `engine-${number}`);
      return { place: own, programs, before: before ?? [], folder, secrets, runTimeSeconds, signal: stopped.signal };
    });
    for (const stage of stages) await prepareEngine(stage);
    const progress = tellProgress(output, runTimeSeconds);
    const ends = await Promise.all(starts.map((start, index) => runEngine(start, stages[index] as Stage))).finally(() =>
      clearInterval(progress),
    );
    stopped.signal.throwIfAborted();
    return tellEnds(ends, { folder, isKept: options.keep, output });
  } catch (error) {
    if (heard === null) throw error;
    output.print("stopped: the engines were ended");
    return EXIT_OF_SIGNAL[heard];
  } finally {
    release();
    if (options.keep) say(output, "kept", place);
    else removePlace(place);
  }
};

const enginesOf = ({ engines }: RehearseOptions, folder: UploadFolder): number => {
  const most = Math.min(folder.engines, MOST_ENGINES);
  if (engines === undefined) return Math.min(folder.engines, MOST_BY_ITSELF);
  if (engines <= most) return engines;
  throw new CommandError(
    folder.engines < engines
      ? `--engines ${engines}: the test has ${folder.engines} (azure.engineInstances)`
      : `--engines ${engines}: at most ${MOST_ENGINES} run side by side here`,
  );
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
