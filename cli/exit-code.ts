/** The contract with scripts and CI: which code the command ends with (the same codes everywhere in this project). */

import type { AuthError } from "../auth/auth-error.ts";
import { BLAME, type Blame } from "../auth/check/finding.ts";
import type { Step } from "../auth/check/step.ts";
import type { AzureError, AzureErrorCode } from "../azure/azure-error.ts";

/** `defect`: nothing could be judged, for a reason of ours. `notJudged`: the run cannot carry a verdict. */
export const EXIT = { fine: 0, failed: 1, defect: 2, notJudged: 2, wrongInput: 3, refused: 4 } as const;

/** 128 and the signal's number, as shells have it. */
export const EXIT_OF_SIGNAL = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const BY_BLAME = {
  nobody: EXIT.fine,
  configuration: EXIT.wrongInput,
  remote: EXIT.refused,
  us: EXIT.defect,
} as const satisfies Record<Blame, number>;

/** A warning fails nothing. Of several failures the first counts: the later ones mostly follow from it. */
export const exitCodeOfSteps = (steps: readonly Step[]): number => {
  const first = steps.find(({ status }) => status === "fail");
  return first?.finding == null ? EXIT.fine : BY_BLAME[BLAME[first.finding]] || EXIT.wrongInput;
};

export const exitCodeOfError = ({ code }: AuthError): number => Math.max(BY_BLAME[BLAME[code]], EXIT.wrongInput);

/**
 * `wrongInput`: something here is to be corrected. `refused`: Azure said no, did not answer, or could not run the test;
 * a run that failed there says nothing about the servers. `notJudged`: there was a run, and no verdict can be had of it.
 */
const BY_AZURE_CODE = {
  AZURE_UNSET: EXIT.wrongInput,
  AZURE_NO_RUN: EXIT.wrongInput,
  AZURE_FILE: EXIT.wrongInput,
  AZURE_NOT_FOUND: EXIT.refused,
  AZURE_FORBIDDEN: EXIT.refused,
  AZURE_UNAUTHORIZED: EXIT.refused,
  AZURE_REFUSED: EXIT.refused,
  AZURE_CONFLICT: EXIT.refused,
  AZURE_THROTTLED: EXIT.refused,
  AZURE_UNREACHABLE: EXIT.refused,
  AZURE_INVALID: EXIT.refused,
  AZURE_LINK_EXPIRED: EXIT.refused,
  AZURE_VALIDATION: EXIT.refused,
  AZURE_RUN_FAILED: EXIT.refused,
  AZURE_RUN_CANCELLED: EXIT.notJudged,
  AZURE_NO_RESULTS: EXIT.notJudged,
  AZURE_RESULTS_BROKEN: EXIT.notJudged,
} as const satisfies Record<AzureErrorCode, number>;

export const exitCodeOfAzureError = ({ code }: AzureError): number => BY_AZURE_CODE[code];

/** Of several servers, the gravest. */
export const gravest = (codes: readonly number[]): number => Math.max(EXIT.fine, ...codes);
