/** The `identities` key: users that are not all the same. Every identity is the strategy's settings, with some keys of its own. */

import * as z from "zod";
import { section } from "../../config/section.ts";
import { variableName } from "../../config/variable-name.ts";

const RULE = "must be exactly one of { env: [NAMES] }, { csv: FILE }, { prefix: TEXT }";
const NAME_RULE = "must be the name of an environment variable, not the secret itself";

export const identitiesSchema = section({
  env: z
    .array(variableName(NAME_RULE), RULE)
    .min(1, "needs at least one name")
    .max(10_000, "must be at most 10000 names")
    .optional()
    .meta({ description: "One variable a token.", examples: [["TOKEN_A", "TOKEN_B"]] }),
  csv: z
    .string("must be the path of a CSV file")
    .min(1, "must be the path of a CSV file")
    .optional()
    .meta({
      description: "A CSV whose columns are keys of the strategy (env, file, secret, clientId, ...). No secrets in it.",
      examples: ["identities.csv"],
    }),
  prefix: z
    .string("must be the beginning of a secret's name")
    .regex(/^[0-9A-Za-z-]{1,127}$/, "must be letters, digits and -, at most 127")
    .optional()
    .meta({ description: "With keyvault: every secret whose name begins so.", examples: ["mcp-user-"] }),
})
  .refine((own) => Object.values(own).filter((value) => value !== undefined).length === 1, { error: RULE })
  .optional()
  .meta({
    description: "One identity for each user: a user takes one in turn and keeps it. Absent: all users share one.",
    examples: [{ env: ["TOKEN_A", "TOKEN_B"] }],
  });

export type IdentitiesSettings = NonNullable<z.output<typeof identitiesSchema>>;
