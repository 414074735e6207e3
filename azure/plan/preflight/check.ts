/** One thing that must be there before a run, and whether it is. */

export const CHECK_IDS = [
  "files",
  "zips",
  "subscription",
  "resource-group",
  "resource",
  "data-plane",
  "role",
  "identity",
  "vault",
  "vault-access",
  "subnet",
  "app-component",
  "metrics-access",
  "quota",
] as const;
export type CheckId = (typeof CHECK_IDS)[number];

/**
 * `missing`: it is not there, or does not do. `forbidden`: this login may not look, which says nothing of the thing itself.
 * `unclear`: what was seen does not decide it. `unreachable`: Azure did not answer.
 */
export const CHECK_STATES = ["ok", "missing", "forbidden", "unclear", "unreachable"] as const;
export type CheckState = (typeof CHECK_STATES)[number];

export interface Check {
  readonly id: CheckId;
  readonly state: CheckState;
  /** What it is about: `vault my-vault`. */
  readonly subject: string;
  /** What was seen, one clause. */
  readonly seen: string;
  /** What to do about it; null when it is fine. */
  readonly next: string | null;
}

type Subject = Pick<Check, "id" | "subject">;

export const ok = (about: Subject, seen: string): Check => ({ ...about, state: "ok", seen, next: null });
export const missing = (about: Subject, seen: string, next: string): Check => ({
  ...about,
  state: "missing",
  seen,
  next,
});
export const unclear = (about: Subject, seen: string, next: string): Check => ({
  ...about,
  state: "unclear",
  seen,
  next,
});

const LACKS: ReadonlySet<CheckState> = new Set(["missing", "unreachable"]);

/** Whether a run would fail for it, as far as is known. */
export const isLack = ({ state }: Check): boolean => LACKS.has(state);
