/** How a program that was started ended, in the ways that differ for whoever has to mend it. */

export type ProcessEnd =
  | { readonly how: "exited"; readonly code: number }
  /** By a signal that was not ours: the system's for want of memory, somebody's. */
  | { readonly how: "died"; readonly signal: string }
  /** It took longer than it may, and was ended; with which code does not count. */
  | { readonly how: "too-long" }
  | { readonly how: "not-started"; readonly why: string };
