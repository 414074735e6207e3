/** The `load` key of `loadtest.yaml`: how many users there are at which moment of the run. docs/traffic.md. */

import type * as z from "zod";
import { section } from "../config/section.ts";

export const loadSchema = section({})
  .optional()
  .meta({
    description: "Load shapes of this test. Absent: users, spawn rate and run time of locust.conf.",
    examples: [{}],
  });

export type Load = NonNullable<z.output<typeof loadSchema>>;
