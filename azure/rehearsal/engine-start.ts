/**
 * How each engine of a rehearsal is started: its share of the users, its command line, its environment. Documented are the
 * totals and the variables; how Azure divides the users, and with which words it starts Locust, is not.
 */

import { NO_SHAPE } from "../../traffic/shape/shape-text.ts";
import { AzureError } from "../azure-error.ts";
import { SHAPE_VARIABLE } from "../definition/engine-load.ts";
import { ENGINES_VARIABLE } from "../definition/test-definition.ts";
import { TEST_YAML } from "../definition/upload-set.ts";
import type { UploadFolder } from "./upload-folder.ts";

/** By it an engine knows its number. At Azure nobody sets it (locustfiles/azure_engine.py). */
const NUMBER_VARIABLE = "SWARMBRIDGE_ENGINE";

export interface EngineStart {
  /** From 1. */
  readonly number: number;
  readonly users: number;
  /** For `locust`, started in the folder with the files. */
  readonly words: readonly string[];
  /** The test's own variables; no secret. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Rehearsal {
  /** How many are started here; no more than the test has. */
  readonly engines: number;
  readonly runTimeSeconds: number;
}

/**
 * Each engine gets what it would get at Azure, as far as anybody can say: with fewer engines here than there, the others'
 * users are missing, and nobody gets more for it.
 * @throws {AzureError} AZURE_FILE when the YAML does not say how many users there are
 */
export const engineStarts = (folder: UploadFolder, { engines, runTimeSeconds }: Rehearsal): readonly EngineStart[] => {
  const of = folder.engines;
  // A place for records that is one for all here, and one for each at Azure.
  const { SWARMBRIDGE_RESULTS: _place, ...env } = folder.env;
  const users = total(folder, "LOCUST_USERS");
  const spawnRate = total(folder, "LOCUST_SPAWN_RATE");
  return Array.from({ length: engines }, (_, index) => {
    const share = Math.floor(users / of) + (index < users % of ? 1 : 0);
    return {
      number: index + 1,
      users: share,
      words: [
        ...["-f", folder.testPlan],
        ...(folder.userProperties === null ? [] : ["--config", folder.userProperties]),
        "--headless",
        // Its tables every two seconds are all that a long log would consist of.
        "--only-summary",
        ...["--users", String(share)],
        ...["--spawn-rate", String(spawnRate / of)],
        ...["--run-time", `${runTimeSeconds}s`],
      ],
      env: {
        ...env,
        [ENGINES_VARIABLE]: String(of),
        [NUMBER_VARIABLE]: String(index + 1),
        // As long as it says, and with users from the first moment: a ramp would have none in so short a time.
        [SHAPE_VARIABLE]: NO_SHAPE,
      },
    };
  }).filter((start) => start.users > 0);
};

const total = ({ dir, env }: UploadFolder, name: string): number => {
  const value = Number(env[name]);
  if (Number.isFinite(value) && value > 0) return value;
  throw new AzureError("AZURE_FILE", { place: `${dir}/${TEST_YAML}`, why: `env has no ${name} above 0` });
};
