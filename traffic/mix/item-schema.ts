/** One item of a mix: what a user does between two think times, how often, and under which name it counts as a turn. */

import * as z from "zod";
import { section } from "../../config/section.ts";
import { linked } from "./linked-steps.ts";
import { KINDS, kindOf, operationOf, operationShape, refineOperation } from "./operation-schema.ts";
import { type MixStep, parallelSchema, refuseOthers, stepSchema } from "./step-schema.ts";

export interface MixItem {
  readonly weight: number;
  /** Its name as a turn; null: its operations alone are counted. */
  readonly turn: string | null;
  readonly steps: readonly MixStep[];
}

const WEIGHT_RULE = "must be a number of at least 0";
const STEPS_RULE = "must be a list of steps such as [{ call: search, save: found }]";
const TURN_RULE = "must be a name of 1 to 60 letters, digits, spaces, . _ and -";

const DOES = [...KINDS, "steps", "parallel"].join(", ");

export const itemSchema = () =>
  section({
    ...operationShape,
    steps: z
      .array(stepSchema(), STEPS_RULE)
      .min(1, STEPS_RULE)
      .max(100, "must be at most 100 steps")
      .optional()
      .meta({
        description: "A chain: one step after the other. A failed one ends it.",
        examples: [[{ call: "search", save: "found" }, { pause: "500ms" }]],
      }),
    parallel: parallelSchema(),
    turn: z
      .string(TURN_RULE)
      .regex(/^[A-Za-z0-9][\w .-]{0,59}$/, TURN_RULE)
      .optional()
      .meta({ description: "Counts the item as a turn of this name.", examples: ["research"] }),
    weight: z
      .number(WEIGHT_RULE)
      .min(0, WEIGHT_RULE)
      .max(1_000_000, "must be at most 1000000")
      .default(1)
      .meta({ description: "How often, relative to the other items. 0: never.", examples: [8] }),
  })
    .superRefine((given, context) => {
      const ways = [kindOf(given), given.steps, given.parallel].filter((way) => way != null);
      // An unknown key was reported already: most likely it is the one that is missing.
      if (context.issues.length > 0) return;
      if (ways.length !== 1) context.addIssue({ code: "custom", message: `must have one of ${DOES}` });
      else if (kindOf(given) === null) refuseOthers(given, context);
      refineOperation(given, context);
    })
    .transform((given, context): MixItem => {
      const { steps, parallel, weight, turn = null } = given;
      const all = steps ?? [parallel !== undefined ? { parallel } : { operation: operationOf(given) }];
      return { weight, turn, steps: linked(all, steps === undefined ? null : "steps", context) };
    });
