/** One thing that `auth check` looked at, as data. What to do about it is the command's table of hints (`cli/hints.ts`). */

import { AuthError } from "../auth-error.ts";
import type { FindingCode } from "./finding.ts";

/** In the order in which they are looked at; `check` says what ended it early. */
export const STEP_IDS = [
  "credential",
  "challenge",
  "clock",
  "authorization-server",
  "scope",
  "token",
  "initialize",
  "expiry",
  "check",
] as const;
export type StepId = (typeof STEP_IDS)[number];

export type StepStatus = "ok" | "warn" | "fail" | "skip";

export interface Step {
  readonly id: StepId;
  readonly status: StepStatus;
  /** For a person. Holds no secret; a server's own words in it are bounded and printable. */
  readonly sentence: string;
  /** Why it is a `warn` or a `fail`; null otherwise. */
  readonly finding: FindingCode | null;
  /** The variable, file, vault or endpoint that it is about, for the hint. */
  readonly place: string | null;
  /** What the token says of itself, or null. */
  readonly claims: ShownClaims | null;
}

/** Never the token, and nothing that names a person. */
export interface ShownClaims {
  readonly audience: readonly string[];
  readonly issuer: string | null;
  /** What the token stands for: `app`, `user`, `managed identity`. */
  readonly identity: string | null;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /** As the token says it, in the clock of its issuer; ISO 8601. */
  readonly expiresAt: string | null;
}

export const fine = (id: StepId, sentence: string, claims: ShownClaims | null = null): Step => ({
  id,
  status: "ok",
  sentence,
  finding: null,
  place: null,
  claims,
});

export const skipped = (id: StepId, sentence: string): Step => ({ ...fine(id, sentence), status: "skip" });

interface Trouble {
  readonly finding: FindingCode;
  readonly sentence: string;
  readonly place?: string | undefined;
}

export const failed = (id: StepId, { finding, sentence, place }: Trouble): Step => ({
  ...fine(id, sentence),
  status: "fail",
  finding,
  place: place ?? null,
});

export const warned = (id: StepId, trouble: Trouble): Step => ({ ...failed(id, trouble), status: "warn" });

/** What ended a server's check before its time. A defect's message may hold anything; its class does not. */
export const brokenOff = (error: unknown): Step => {
  if (error instanceof AuthError) {
    return failed("check", { finding: error.code, sentence: error.sentence, place: error.detail.place });
  }
  const name = error instanceof Error ? error.name : "an unknown error";
  return failed("check", { finding: "DEFECT", sentence: `a defect of swarmbridge, and none of your input: ${name}` });
};
