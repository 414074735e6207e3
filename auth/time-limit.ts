import { AuthError } from "./auth-error.ts";
import type { World } from "./world.ts";

interface Limit<Result> {
  readonly limitMs: number;
  readonly after: World["after"];
  /** Is called instead when the work succeeds after the limit, when nobody waits any more. */
  readonly onLate?: (result: Result) => void;
}

/** @returns what the work does, or rejects with AUTH_UNREACHABLE after the limit; the work itself goes on */
export const withinLimit = <Result>(
  work: Promise<Result>,
  { limitMs, after, onLate }: Limit<Result>,
): Promise<Result> =>
  new Promise((resolve, reject) => {
    let isLate = false;
    const cancel = after(limitMs, () => {
      isLate = true;
      reject(new AuthError("AUTH_UNREACHABLE", { why: `no answer within ${Math.round(limitMs / 100) / 10} s` }));
    });
    work
      // Late, `reject` has no effect: the promise is settled.
      .then((result) => (isLate ? onLate?.(result) : resolve(result)), reject)
      .finally(cancel);
  });
