/** All parts of `loadtest.yaml`, each with the schema of the room that owns it. */

import { azureSchema } from "../azure/azure-schema.ts";
import { RUN_PARTS } from "../bridge/run-parts.ts";
import { failureCriteriaSchema } from "../gate/failure-criteria-schema.ts";

export const FILE_PARTS = { ...RUN_PARTS, failureCriteria: failureCriteriaSchema, azure: azureSchema };
