/** All parts of `loadtest.yaml`, each with the schema of the room that owns it. */

import { authSchema } from "../auth/auth-schema.ts";
import { azureSchema } from "../azure/azure-schema.ts";
import { failureCriteriaSchema } from "../gate/failure-criteria-schema.ts";

export const FILE_PARTS = { auth: authSchema, failureCriteria: failureCriteriaSchema, azure: azureSchema };
