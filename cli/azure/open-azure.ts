/** What every `swarmbridge azure` command that talks to Azure begins with: the settings, the login, the resource. */

import { AzureError } from "../../azure/azure-error.ts";
import type { AzureSettings } from "../../azure/azure-schema.ts";
import { cloudOf } from "../../azure/cloud.ts";
import type { LoadTestResource } from "../../azure/plane/control-plane.ts";
import type { DataPlane } from "../../azure/plane/data-plane.ts";
import type { Limits } from "../../azure/plane/limits.ts";
import { planesFor } from "../../azure/plane/planes.ts";
import { findResource } from "../../azure/run/find-resource.ts";
import { PACE, type Pace } from "../../azure/run/pace.ts";
import { takeSecrets } from "../../bridge/take-secrets.ts";
import { VERSION } from "../../bridge/version.ts";
import type { LoadedFile } from "../../config/settings.ts";
import type { FailureCriteria } from "../../gate/criterion.ts";
import type { Output } from "../output.ts";
import { resultsFolder } from "../run-folder.ts";

export type AzureFile = LoadedFile<FailureCriteria, AzureSettings | undefined>;

/** Only tests say any of it. */
export interface Knobs {
  readonly pace?: Pace;
  readonly limits?: Partial<Limits>;
}

export interface OpenAzure {
  readonly file: AzureFile;
  readonly azure: AzureSettings;
  readonly audience: string;
  readonly resource: LoadTestResource;
  readonly plane: DataPlane;
  readonly resultsRoot: string;
  readonly pace: Pace;
}

/** A lost connection is said after this; whoever follows a run goes on asking. */
const PATIENT = { callMs: 20_000 };
/** Live figures are asked for every few seconds anyway. An answer that is late must not hold up the end of the command. */
const IMPATIENT = { callMs: 0, requestMs: 4_000 };

/** @throws {AzureError} AZURE_UNSET, AZURE_NOT_FOUND, and what the look at the resource ends with */
export const openAzure = async (
  file: AzureFile,
  { env, redactor }: Output,
  { pace = PACE, limits }: Knobs = {},
): Promise<OpenAzure> => {
  const { settings, azure } = file;
  if (azure === undefined) throw new AzureError("AZURE_UNSET", { place: settings.source, why: "it has no key azure" });
  const resultsRoot = resultsFolder(env);
  const lookup = takeSecrets(settings, env, redactor);
  const asker = { lookup, folder: settings.folder, learn: (secret: string) => redactor.learn(secret) };
  const planesWith = (own: Partial<Limits>) =>
    planesFor(azure, asker, { version: VERSION, limits: { ...own, ...limits } });
  const planes = await planesWith(PATIENT);
  const resource = await findResource(planes.control, azure, settings.source);
  const { audience } = cloudOf(azure.cloud);
  const { metrics } = (await planesWith(IMPATIENT)).data(resource.dataPlaneHost);
  const plane = { ...planes.data(resource.dataPlaneHost), metrics };
  return { file, azure, audience, resource, plane, resultsRoot, pace };
};
