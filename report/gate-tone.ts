/** What the gate's result means to the reader. */
import type { Verdict, VerdictResult } from "../gate/verdict.ts";
import type { Tone } from "./document.ts";

const TONES = { PASSED: "good", FAILED: "bad", INVALID: "warning" } as const satisfies Record<VerdictResult, Tone>;

/** Our defaults let nearly everything pass: servers may have missed their limits all the same. */
export const isLoose = ({ profile }: Verdict): boolean => profile === "smoke";

/** @returns none for what says little: a gate that nearly everything passes */
export const gateTone = (verdict: Verdict): Tone | undefined =>
  verdict.result === "PASSED" && isLoose(verdict) ? undefined : TONES[verdict.result];
