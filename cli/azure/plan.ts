/** `swarmbridge azure plan`: says what a submission would do and what is missing for it. Only asks. */

import { objectIdOf } from "../../auth/jwt-claims.ts";
import { realWorld } from "../../auth/real-world.ts";
import { cloudOf } from "../../azure/cloud.ts";
import { defineTest } from "../../azure/definition/define-test.ts";
import type { TestDefinition } from "../../azure/definition/test-definition.ts";
import { type AzureView, viewAzure } from "../../azure/plan/azure-view.ts";
import { knownFiles } from "../../azure/plan/known-files.ts";
import { newestLocalRun } from "../../azure/plan/local-record.ts";
import { planOf } from "../../azure/plan/plan.ts";
import type { Limits } from "../../azure/plane/limits.ts";
import { planesFor } from "../../azure/plane/planes.ts";
import { resourcePlaceOf } from "../../azure/run/find-resource.ts";
import { readUploadedNote } from "../../azure/run/uploaded-note.ts";
import { takeSecrets } from "../../bridge/take-secrets.ts";
import { VERSION } from "../../bridge/version.ts";
import type { Settings } from "../../config/settings.ts";
import { COMMAND_FOLDER } from "../command-folder.ts";
import { EXIT } from "../exit-code.ts";
import { loadWholeFor } from "../load-for.ts";
import type { Output } from "../output.ts";
import { resultsFolder } from "../run-folder.ts";
import { planText } from "./plan-text.ts";
import { NOTE_FILE } from "./submit.ts";

export interface AzurePlanOptions {
  readonly config: string | undefined;
  /** Nobody is asked. */
  readonly offline: boolean;
  readonly json: boolean;
  /** For tests. */
  readonly limits?: Partial<Limits>;
}

/**
 * @returns the exit code
 * @throws {ConfigError} for faults of loadtest.yaml and locust.conf
 * @throws {AzureError} AZURE_UNSET; AZURE_UNREACHABLE and AZURE_UNAUTHORIZED when nothing at all can be asked
 * @throws {AuthError} without a login
 */
export const azurePlan = async (options: AzurePlanOptions, output: Output): Promise<number> => {
  const { env, redactor, style, print } = output;
  const { offline, json, config } = options;
  const file = loadWholeFor(config);
  const definition = defineTest(file, { cwd: process.cwd(), env, commandFolder: COMMAND_FOLDER });
  const servers = definition.targets.filter(({ missing }) => missing === null).map(({ name }) => name);
  const localRun = newestLocalRun(resultsFolder(env), servers);
  const view = offline ? null : await look(definition, { settings: file.settings, output, limits: options.limits });
  const plan = await planOf({ definition, criteria: file.failureCriteria, localRun, view });
  const exitCode = plan.isReady ? EXIT.fine : EXIT.refused;
  if (json) print(redactor.cleanJson(JSON.stringify({ version: 1, exitCode, ...plan })));
  else print(redactor.clean(planText(plan, style)));
  return exitCode;
};

interface Looking {
  readonly settings: Settings;
  readonly output: Output;
  readonly limits: Partial<Limits> | undefined;
}

const look = async (definition: TestDefinition, { settings, output, limits }: Looking): Promise<AzureView> => {
  const { env, redactor } = output;
  const { azure, files } = definition;
  const place = resourcePlaceOf(azure, settings.source);
  const lookup = takeSecrets(settings, env, redactor);
  const asker = { lookup, folder: settings.folder, learn: (secret: string) => redactor.learn(secret) };
  const planes = await planesFor(azure, asker, { version: VERSION, ...(limits && { limits }) });
  const clients = await realWorld(settings.folder).azure(asker);
  const { value } = await clients.token(
    azure.credential,
    `${new URL(cloudOf(azure.cloud).management).origin}/.default`,
  );
  redactor.learn(value);
  const { testId } = azure;
  return viewAzure({
    definition,
    place,
    planes,
    login: objectIdOf(value),
    knownFiles: (resourceId) => knownFiles(files, readUploadedNote(NOTE_FILE, { resourceId, testId })),
  });
};
