/** The verdict as JSON, for programs. The shape is promised in docs/gate.md. */

import type { Verdict } from "./verdict.ts";

/** Grows when a field changes its meaning or goes away, not when one is added. */
const VERSION = 1;

export const verdictJson = (verdict: Verdict): string => {
  const { result, run, profile, rows, generator, invalid, notes } = verdict;
  return `${JSON.stringify({ version: VERSION, result, run, profile, criteria: rows, generator, invalid, notes }, null, 2)}\n`;
};
