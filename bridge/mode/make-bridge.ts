import { resolve } from "node:path";
import { missingCredential } from "../../auth/missing-credential.ts";
import { describe, type HelloSettings } from "../../config/describe.ts";
import type { Lookup } from "../../config/environment.ts";
import { loadSettings } from "../../config/load-settings.ts";
import type { Settings } from "../../config/settings.ts";
import type { TypedLoad } from "../../traffic/shape/load-plan.ts";
import { toldLoad } from "../../traffic/shape/told-load.ts";
import { Bridge } from "../bridge.ts";
import type { Note } from "../link/conversation.ts";
import type { Redactor } from "../redactor.ts";
import { RUN_PARTS } from "../run-parts.ts";
import { takeSecrets } from "../take-secrets.ts";

/** What every mode needs first: the settings, what may be told of them, and a bridge made from them. */

export interface Loaded {
  readonly settings: Settings;
  /** The secrets that are in it are nowhere else any more: not in `process.env`. */
  readonly environment: Lookup;
  /** What Python is told (docs/link-protocol.md, `settings`). */
  readonly described: HelloSettings;
  /** Knows the secrets of the settings. */
  readonly redactor: Redactor;
}

/**
 * @param project folder of the locustfile
 * @param typed what Locust was given of the load
 * @throws {ConfigError} with one line for each fault
 */
export const load = (project: string, redactor: Redactor, typed: TypedLoad = {}): Loaded => {
  const settings = loadSettings({ cwd: process.cwd(), project, env: process.env }, RUN_PARTS);
  const environment = takeSecrets(settings, process.env, redactor);
  return {
    settings,
    environment,
    redactor,
    described: describe(
      settings,
      (server) => missingCredential(server, settings, environment),
      toldLoad(settings.load, typed),
    ),
  };
};

export const makeBridge = (loaded: Loaded, versions: Readonly<Record<string, string>>, note: Note): Bridge =>
  new Bridge({
    settings: loaded.settings,
    environment: loaded.environment,
    redactor: loaded.redactor,
    resultsRoot: resultsRoot(),
    versions,
    note,
  });

/** Where run records go: `SWARMBRIDGE_RESULTS`, else (also when that is empty) `results/` where Locust was started. */
export const resultsRoot = (): string => resolve(process.env.SWARMBRIDGE_RESULTS || "results");
