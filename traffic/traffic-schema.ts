/** The `traffic` key of a server in `loadtest.yaml`: what its users do, as data instead of a Python file. docs/traffic.md. */

import type * as z from "zod";
import { section } from "../config/section.ts";

export const trafficSchema = section({})
  .optional()
  .meta({ description: "What this server's users do, as data. Absent: a Python file says it.", examples: [{}] });

/** As the bridge hands it to Python: docs/link-protocol.md, `settings`. */
export type Traffic = NonNullable<z.output<typeof trafficSchema>>;
