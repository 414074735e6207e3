/** The `autoStop` key: when a run that only fails is ended before its time. Azure Load Testing has the same, with the same names. */

import * as z from "zod";
import { section } from "./section.ts";

const PERCENT_RULE = "must be a number from 0 to 100";
const WINDOW_RULE = "must be a whole number of seconds from 1 to 3600";

const limits = section({
  errorPercentage: z
    .number(PERCENT_RULE)
    .min(0, PERCENT_RULE)
    .max(100, PERCENT_RULE)
    .meta({
      description: "The run ends when more than this share of the operations failed, in percent.",
      examples: [90],
    }),
  timeWindow: z
    .int(WINDOW_RULE)
    .min(1, WINDOW_RULE)
    .max(3600, WINDOW_RULE)
    .meta({ description: "Looked at over this long, in seconds.", examples: [60] }),
});

export const autoStopSchema = z
  .union([z.literal("disable"), limits], "must be disable, or a map with errorPercentage and timeWindow")
  .nullable()
  .default(null)
  .meta({
    description:
      "Ends a run that only fails. Absent: local runs go on, and Azure has its own (90 % in 60 s). `disable`: nobody ends it.",
    examples: [{ errorPercentage: 90, timeWindow: 60 }, "disable"],
  });

/** null: nothing was said. */
export type AutoStop = z.output<typeof autoStopSchema>;
