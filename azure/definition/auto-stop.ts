/** When Azure ends a run that only fails. Absent, its YAML's readers keep what an older test has: so it is always said. */

import type { AutoStop } from "../../config/auto-stop-schema.ts";

/** The service's own. @see Microsoft's OpenAPI of the data plane, AutoStopCriteria */
export const AZURES_OWN = { errorPercentage: 90, timeWindow: 60 } as const;
export const AZURES_MOST_USERS_PER_ENGINE = 5000;

export const azureAutoStop = (autoStop: AutoStop): NonNullable<AutoStop> => autoStop ?? AZURES_OWN;
