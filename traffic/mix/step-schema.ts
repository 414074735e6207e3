/** One step of a chain: an operation, several at once, or a pause. */

import * as z from "zod";
import { section } from "../../config/section.ts";
import {
  KINDS,
  kindOf,
  type MixOperation,
  operationOf,
  operationSchema,
  operationShape,
  refineOperation,
} from "./operation-schema.ts";
import { type Pause, pauseSchema } from "./pause-schema.ts";

export type MixStep =
  | { readonly operation: MixOperation }
  | { readonly parallel: readonly MixOperation[] }
  | { readonly pause: Pause };

const MOST_AT_ONCE = 1000;
const PARALLEL_RULE = "must be a list of operations such as [{ call: search, times: 10 }]";

export const parallelSchema = () =>
  z
    .array(operationSchema(), PARALLEL_RULE)
    .min(1, PARALLEL_RULE)
    .refine(
      (operations) => operations.reduce((sum, { times }) => sum + times, 0) <= MOST_AT_ONCE,
      `must be at most ${MOST_AT_ONCE} operations at once`,
    )
    .optional()
    .meta({
      description: "Operations that are sent at once, in the one session.",
      examples: [[{ call: "search", times: 10 }]],
    });

const DOES = [...KINDS, "parallel", "pause"].join(", ");

export const stepSchema = () =>
  section({
    ...operationShape,
    parallel: parallelSchema(),
    pause: pauseSchema()
      .optional()
      .meta({ description: "Waits before the next step.", examples: ["500ms"] }),
  })
    .superRefine((given, context) => {
      const ways = [kindOf(given), given.parallel, given.pause].filter((way) => way != null);
      // An unknown key was reported already: most likely it is the one that is missing.
      if (context.issues.length > 0) return;
      if (ways.length !== 1) context.addIssue({ code: "custom", message: `must have one of ${DOES}` });
      else if (kindOf(given) === null) refuseOthers(given, context);
      refineOperation(given, context);
    })
    .transform((given): MixStep => {
      if (given.parallel !== undefined) return { parallel: given.parallel };
      return given.pause !== undefined ? { pause: given.pause } : { operation: operationOf(given) };
    });

/** Keys of an operation beside `parallel`, `pause` or `steps` would do nothing. */
export const refuseOthers = (given: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void => {
  for (const key of Object.keys(operationShape)) {
    const isGiven = key === "times" ? given.times !== 1 : given[key] !== undefined;
    if (isGiven) context.addIssue({ code: "custom", path: [key], message: "goes with a single operation only" });
  }
};
