/** `swarmbridge azure bicep`: prints what must exist beforehand. Asks nobody. */

import { AzureError } from "../../azure/azure-error.ts";
import type { AzureSettings } from "../../azure/azure-schema.ts";
import { bicepOf } from "../../azure/bicep/bicep.ts";
import type { LoadedFile } from "../../config/settings.ts";
import type { FailureCriteria } from "../../gate/criterion.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";

/**
 * @returns the exit code
 * @throws {AzureError} AZURE_UNSET without an `azure` part
 */
export const azureBicep = (
  { azure, failureCriteria, settings }: LoadedFile<FailureCriteria, AzureSettings | undefined>,
  { print }: Output,
): number => {
  if (azure === undefined) throw new AzureError("AZURE_UNSET", { place: settings.source, why: "it has no key azure" });
  print(bicepOf({ azure, server: failureCriteria.server }).trimEnd());
  return EXIT.fine;
};
