/** The whole of `loadtest.yaml`, and the JSON schema that editors complete and check it with. */

import * as z from "zod";
import { autoStopSchema } from "./auto-stop-schema.ts";
import type { FileParts } from "./file-parts.ts";
import { section } from "./section.ts";
import { serverSchema } from "./server-schema.ts";
import { telemetrySchema } from "./telemetry-schema.ts";

/** A server's name stands in the statistics and in metrics, so it is short and plain. */
const SERVER_NAME = /^[a-z0-9][a-z0-9-]{0,40}$/;

const NAME_RULE = "is not a name for a server: use a-z, 0-9 and -, at most 41 characters, a letter or digit first";

export const fileSchema = <Criteria, Azure>({
  auth,
  traffic,
  load,
  failureCriteria,
  azure,
}: FileParts<Criteria, Azure>) =>
  section({
    servers: z
      .record(
        z.string().regex(SERVER_NAME, NAME_RULE),
        serverSchema({ auth, traffic }),
        "must be a map of server names and their settings",
      )
      .refine((servers) => Object.keys(servers).length > 0, "needs at least one server")
      .meta({ description: "The servers to test, by the name that locustfiles and statistics use." }),
    load,
    autoStop: autoStopSchema,
    telemetry: telemetrySchema,
    failureCriteria,
    azure,
  });

const OR_PLACEHOLDER = "|\\$\\{";

/** JSON Schema 2020-12 of what a user may write. Where `${NAME}` may stand for a value, the schema lets it pass. */
export const jsonSchema = (parts: FileParts<unknown, unknown>): unknown =>
  z.toJSONSchema(fileSchema(parts), {
    io: "input",
    override: ({ jsonSchema: rule }) => {
      // Called once for each place that shares a rule, hence the look at the end of it.
      if (rule.pattern !== undefined && rule.pattern !== SERVER_NAME.source && !rule.pattern.endsWith(OR_PLACEHOLDER)) {
        rule.pattern += OR_PLACEHOLDER;
      }
      if (rule.type === "number" || rule.type === "integer" || rule.type === "boolean") {
        const { description, default: normally, examples, ...checked } = rule;
        for (const key of Object.keys(rule)) delete rule[key];
        Object.assign(rule, {
          ...(description !== undefined && { description }),
          ...(normally !== undefined && { default: normally }),
          ...(examples !== undefined && { examples }),
          anyOf: [checked, { type: "string", pattern: "\\$\\{" }],
        });
      }
    },
  });
