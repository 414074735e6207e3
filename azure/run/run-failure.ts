/** What an ended run says of itself when it did not end as planned. */

import { AzureError, type AzureErrorCode } from "../azure-error.ts";
import type { RemoteRun } from "../plane/data-plane.ts";

const CODES: Readonly<Record<string, AzureErrorCode>> = {
  FAILED: "AZURE_RUN_FAILED",
  CANCELLED: "AZURE_RUN_CANCELLED",
  VALIDATION_FAILURE: "AZURE_VALIDATION",
};

const LONGEST_REASON = 600;

/** null: the run is DONE, or has not ended. */
export const runFailure = ({ status, testRunId, errors }: RemoteRun): AzureError | null => {
  const code = Object.hasOwn(CODES, status) ? CODES[status] : undefined;
  if (code === undefined) return null;
  const said = errors.map(({ code: of, message }) => `${of}: ${message}`).join("; ");
  const why = said === "" ? `${status}, and Azure gives no reason` : said.slice(0, LONGEST_REASON);
  return new AzureError(code, { place: `run ${testRunId}`, why });
};
