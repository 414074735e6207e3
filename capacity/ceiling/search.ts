/** Runs steps until there is nothing more to learn, or somebody has had enough. Each step is told as it ends. */

import { nextStep, type Plan } from "./next-step.ts";
import type { Limits, RunStep, StepMeasure } from "./step.ts";

export interface Search {
  readonly plan: Plan;
  readonly limits: Limits;
  readonly runStep: RunStep;
  /** Between two steps; the server comes to rest. */
  readonly pause: () => Promise<void>;
  /** After each step, with all so far. */
  readonly onStep: (measures: readonly StepMeasure[]) => void;
  /** Asked before each step. */
  readonly isOver: () => boolean;
}

/**
 * @param before steps that an earlier search has left
 * @returns all steps in the order in which they were run. A step during which `isOver` became true is not among them.
 * Rejects with what `runStep` rejects with while nobody has had enough; `onStep` was told all that came before.
 */
export const search = async (
  { plan, limits, runStep, pause, onStep, isOver }: Search,
  before: readonly StepMeasure[] = [],
): Promise<readonly StepMeasure[]> => {
  let measures = before;
  for (;;) {
    const sessions = nextStep(plan, measures, limits);
    if (sessions === null) return measures;
    if (measures.length > before.length) await pause();
    if (isOver()) return measures;
    const measure = await runStep(sessions).catch((error: unknown) => {
      // Ended before it had begun: of a step that does not count nothing is missing.
      if (isOver()) return null;
      throw error;
    });
    // Cut off in the middle: it was no full step.
    if (measure === null || isOver()) return measures;
    measures = [...measures, measure];
    onStep(measures);
  }
};
