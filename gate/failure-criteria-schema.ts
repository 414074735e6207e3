/** The `failureCriteria` key of `loadtest.yaml`. */

import * as z from "zod";
import type { FailureCriteria } from "./criterion.ts";

const NONE: FailureCriteria = { profile: null, client: [], server: [] };

export const failureCriteriaSchema = z
  .null()
  .optional()
  .transform((): FailureCriteria => NONE)
  .meta({ description: "What makes a run fail (docs/gate.md)." });
