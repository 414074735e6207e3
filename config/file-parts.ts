/**
 * The parts of `loadtest.yaml` that other rooms own. Their schemas are handed in: this room knows neither the strategies
 * of auth, nor what traffic is, nor the grammar of the criteria, nor Azure.
 */

import * as z from "zod";
import type { Path } from "./fault.ts";
import type { AuthSchema, LoadSchema, TrafficSchema } from "./settings.ts";

/** What a run needs of the file beside the servers themselves. */
export interface RunParts {
  readonly auth: AuthSchema;
  /** Of a server: what its users do. */
  readonly traffic: TrafficSchema;
  /** The data files that a server's `traffic` names as it stands in the file, each with the place of its name. */
  readonly dataFiles: (traffic: unknown) => readonly { readonly path: Path; readonly file: string }[];
  /** Of the run: how many users there are when. */
  readonly load: LoadSchema;
}

export interface FileParts<Criteria, Azure> extends RunParts {
  readonly failureCriteria: z.ZodType<Criteria>;
  readonly azure: z.ZodType<Azure>;
}

/** Keys of the file whose part may be left unread. */
export const OTHERS_PARTS = ["failureCriteria", "azure"] as const;

/**
 * For who only runs the test. The other parts are not even looked at: on an engine the variables that they name do not
 * exist.
 */
export const onlyServers = (parts: RunParts): FileParts<undefined, undefined> => ({
  ...parts,
  failureCriteria: unread(),
  azure: unread(),
});

const unread = () => z.undefined().optional();

/** Whether the part under this key is checked. */
export const isRead = (schema: z.ZodType): boolean =>
  !(schema instanceof z.ZodOptional && schema.unwrap() instanceof z.ZodUndefined);
