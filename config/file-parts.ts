/**
 * The parts of `loadtest.yaml` that other rooms own. Their schemas are handed in: this room knows neither the strategies
 * of auth, nor the grammar of the criteria, nor Azure.
 */

import * as z from "zod";
import type { AuthSchema } from "./settings.ts";

export interface FileParts<Criteria, Azure> {
  readonly auth: AuthSchema;
  readonly failureCriteria: z.ZodType<Criteria>;
  readonly azure: z.ZodType<Azure>;
}

/** Keys of the file whose part may be left unread. */
export const OTHERS_PARTS = ["failureCriteria", "azure"] as const;

/**
 * For who only runs the test. The other parts are not even looked at: on an engine the variables that they name do not
 * exist.
 */
export const onlyServers = (auth: AuthSchema): FileParts<undefined, undefined> => ({
  auth,
  failureCriteria: unread(),
  azure: unread(),
});

const unread = () => z.undefined().optional();

/** Whether the part under this key is checked. */
export const isRead = (schema: z.ZodType): boolean =>
  !(schema instanceof z.ZodOptional && schema.unwrap() instanceof z.ZodUndefined);
