/** The Azure Load Testing resource of the settings, looked up: a command that cannot work says so before it sends anything. */

import { AzureError } from "../azure-error.ts";
import type { AzureSettings } from "../azure-schema.ts";
import { type ControlPlane, type LoadTestResource, loadTestId } from "../plane/control-plane.ts";

const NEEDED = ["subscription", "resourceGroup", "resource"] as const;

export type ResourcePlace = Readonly<Record<(typeof NEEDED)[number], string>>;

/**
 * @param source the file, as a person would name it
 * @throws {AzureError} AZURE_UNSET when the settings do not name one
 */
export const resourcePlaceOf = (azure: AzureSettings, source: string): ResourcePlace => {
  const { subscription, resourceGroup, resource } = azure;
  if (subscription === undefined || resourceGroup === undefined || resource === undefined) {
    const missing = NEEDED.filter((key) => azure[key] === undefined);
    throw new AzureError("AZURE_UNSET", { place: source, why: `azure lacks ${missing.join(", ")}` });
  }
  return { subscription, resourceGroup, resource };
};

/**
 * @param source the file, as a person would name it
 * @throws {AzureError} AZURE_UNSET when the settings do not name one; AZURE_NOT_FOUND when it is not there;
 * AZURE_CONFLICT while it is made or deleted
 */
export const findResource = async (
  control: Pick<ControlPlane, "loadTest">,
  azure: AzureSettings,
  source: string,
): Promise<LoadTestResource> => {
  const id = loadTestId(resourcePlaceOf(azure, source));
  const found = await control.loadTest(id);
  if (found === null) throw new AzureError("AZURE_NOT_FOUND", { place: id, why: "there is no such resource" });
  if (found.provisioningState !== "Succeeded") {
    throw new AzureError("AZURE_CONFLICT", { place: id, why: `its state is ${found.provisioningState}` });
  }
  return found;
};
