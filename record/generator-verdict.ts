/**
 * Whether the machine that made the load can be believed: `ok`, `strained`, `saturated`, from what was measured in the run.
 * docs/measurement.md says each threshold and why it is that one.
 */
import type { RunFile } from "./run-file.ts";
import { isMeasured, saturationOf } from "./saturation.ts";

/** From the best; `unknown` where nobody measured. */
export const GENERATOR_LEVELS = ["ok", "strained", "saturated", "unknown"] as const;
export type GeneratorLevel = (typeof GENERATOR_LEVELS)[number];

export interface GeneratorVerdict {
  readonly level: GeneratorLevel;
  /** One sentence each, with the figure; what weighs most comes first. Empty for `ok`. */
  readonly reasons: readonly string[];
}

export const generatorVerdict = (file: RunFile): GeneratorVerdict => {
  if (!isMeasured(file)) return { level: "unknown", reasons: ["nobody measured the generator"] };
  const reasons = saturationOf(file);
  return { level: reasons.length > 0 ? "saturated" : "ok", reasons };
};
