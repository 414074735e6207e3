/** The contract with scripts and CI: which code the command ends with (the same codes everywhere in this project). */

import type { AuthError } from "../auth/auth-error.ts";
import { BLAME, type Blame } from "../auth/check/finding.ts";
import type { Step } from "../auth/check/step.ts";

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

/** Of several servers, the gravest. */
export const gravest = (codes: readonly number[]): number => Math.max(EXIT.fine, ...codes);
