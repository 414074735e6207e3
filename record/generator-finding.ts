/** One thing that was too much for the generator. */
export interface GeneratorFinding {
  readonly level: "strained" | "saturated";
  /** With the figure, and what to do. */
  readonly sentence: string;
}

/** What weighs most comes first. */
export const FINDING_LEVELS = ["saturated", "strained"] as const satisfies readonly GeneratorFinding["level"][];
