/** The contract with scripts and CI: which code the command ends with (the same codes everywhere in this project). */

import type { AuthError } from "../auth/auth-error.ts";
import { BLAME, type Blame } from "../auth/check/finding.ts";
import type { Step } from "../auth/check/step.ts";

export const EXIT = { fine: 0, wrongInput: 3, refused: 4, interrupted: 130 } as const;

const BY_BLAME = {
  nobody: EXIT.fine,
  configuration: EXIT.wrongInput,
  remote: EXIT.refused,
} as const satisfies Record<Blame, number>;

/** A warning fails nothing. Of several failures the first counts: the later ones mostly follow from it. */
export const exitCodeOfSteps = (steps: readonly Step[]): number => {
  const first = steps.find(({ status }) => status === "fail");
  return first?.finding == null ? EXIT.fine : Math.max(BY_BLAME[BLAME[first.finding]], EXIT.wrongInput);
};

export const exitCodeOfError = ({ code }: AuthError): number => Math.max(BY_BLAME[BLAME[code]], EXIT.wrongInput);

/** Of several servers, the gravest. */
export const gravest = (codes: readonly number[]): number => Math.max(EXIT.fine, ...codes);
