/** What Azure Load Testing said at the end of its run: the state that it ended in, and how it judged each criterion. In its own spellings. */
import { z } from "zod";

const judged = {
  condition: z.string(),
  value: z.number(),
  /** null: it measured none. */
  actualValue: z.number().nullable(),
  result: z.enum(["passed", "failed", "undetermined"]),
};

export const azureOutcomeSchema = z.object({
  /** `DONE`, or why there is no more: `FAILED`, `CANCELLED`, `VALIDATION_FAILURE`. */
  state: z.string(),
  /** Of its criteria together; null: it has not said. */
  result: z.enum(["PASSED", "FAILED", "NOT_APPLICABLE"]).nullable(),
  client: z.array(z.object({ aggregate: z.string(), metric: z.string(), request: z.string().nullable(), ...judged })),
  server: z.array(
    z.object({
      resourceId: z.string(),
      metricNamespace: z.string(),
      metricName: z.string(),
      aggregation: z.string(),
      ...judged,
    }),
  ),
});

export type AzureOutcome = Readonly<z.infer<typeof azureOutcomeSchema>>;
