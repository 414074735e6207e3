/** Whether a share of failures is alarming: by the limit of the server that it came from, not by being there. */
import { DEFAULT_LIMITS } from "../record/limit-use.ts";
import type { RunFile } from "../record/run-file.ts";
import type { Tone } from "./document.ts";
import { limitsOf } from "./limits-of.ts";

interface Share {
  readonly failures: number;
  /** Operations that ended. */
  readonly of: number;
}

/** @returns none for what is within the limit */
export const failureTone = (
  { failures, of }: Share,
  file: Pick<RunFile, "servers">,
  server: string,
): Tone | undefined => {
  const { errorPercent = DEFAULT_LIMITS.errorPercent } = limitsOf(file, server);
  return 100 * failures > errorPercent * of ? "bad" : undefined;
};
