/** Makes a call until Azure takes it. What passes by itself is repeated with a growing pause; everything else is thrown at once. */

import { AuthError } from "../../auth/auth-error.ts";
import { AzureError } from "../azure-error.ts";
import type { RunContext } from "./run-context.ts";

const PASSING_AT_AZURE: ReadonlySet<string> = new Set(["AZURE_UNREACHABLE", "AZURE_THROTTLED", "AZURE_CONFLICT"]);
const PASSING_OF_THE_LOGIN: ReadonlySet<string> = new Set(["AUTH_UNREACHABLE", "AUTH_THROTTLED"]);

const isKnown = (error: unknown): error is AzureError | AuthError =>
  error instanceof AzureError || error instanceof AuthError;

/** Whether the same call may succeed later without anybody doing something. */
export const isPassing = (error: unknown): error is AzureError | AuthError =>
  (error instanceof AzureError && PASSING_AT_AZURE.has(error.code)) ||
  (error instanceof AuthError && PASSING_OF_THE_LOGIN.has(error.code));

interface Persistence {
  /** Whether this error is waited out. */
  readonly passes?: (error: unknown) => boolean;
  /** Aborted: a call that is under way is waited for, and none is made after it. */
  readonly halt?: AbortSignal | undefined;
}

/**
 * @param untilMs moment on the clock after which the last error is thrown
 * @throws what the call throws and does not pass, and what passes but not in time
 */
export const persistently = async <T>(
  { clock, pace, tell }: Omit<RunContext, "plane">,
  untilMs: number,
  call: () => Promise<T>,
  { passes = isPassing, halt }: Persistence = {},
): Promise<T> => {
  for (let failures = 0; ; failures += 1) {
    try {
      const answer = await call();
      if (failures > 0) tell({ what: "reconnected" });
      return answer;
    } catch (error) {
      const leftMs = untilMs - clock.nowMs();
      if (!isKnown(error) || !passes(error) || leftMs <= 0 || halt?.aborted) throw error;
      const pauseMs = Math.min(pauseAfter(error, failures, pace), leftMs);
      tell({ what: "retry", error, pauseMs });
      await clock.sleep(pauseMs, halt).catch(() => undefined);
      if (halt?.aborted) throw error;
    }
  }
};

const pauseAfter = (
  error: AzureError | AuthError,
  failures: number,
  { firstPauseMs, longestPauseMs, longestWishedPauseMs }: RunContext["pace"],
): number => {
  const grown = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 10));
  const asked = error instanceof AzureError ? (error.detail.retryAfterMs ?? 0) : 0;
  return Math.max(grown, Math.min(asked, longestWishedPauseMs));
};
