/** One thing of a test at Azure that a submission would change. */

export interface Difference {
  /** `engineInstances`, `criterion p95(response_time_ms) > 1000`, `env NAME`, `file multi.py`. */
  readonly what: string;
  readonly how: "added" | "changed" | "removed";
  /** Values, where they are worth reading and no variable's; null otherwise. */
  readonly from: string | null;
  readonly to: string | null;
}

export const added = (what: string): Difference => ({ what, how: "added", from: null, to: null });
export const removed = (what: string): Difference => ({ what, how: "removed", from: null, to: null });
export const changed = (what: string, from: string | null = null, to: string | null = null): Difference => ({
  what,
  how: "changed",
  from,
  to,
});
