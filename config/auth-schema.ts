/** The `auth` key of a server: how its credential is had. It names a secret and never holds one. */

import * as z from "zod";
import { section } from "./section.ts";

/** Strategies that are designed and not yet built: a user who asks for one learns that, not "unknown". */
const LATER_STRATEGIES = new Set(["keyvault", "entra", "oauth", "command"]);

const EXAMPLE = "none, or { strategy: bearer, env: NAME }";

const NAME_RULE = "must be the name of an environment variable: letters, digits and _, not the secret itself";

const strategyRule = (value: unknown): string => {
  if (typeof value === "string" && LATER_STRATEGIES.has(value)) {
    return `${value} is a strategy that this version does not have yet; use ${EXAMPLE}`;
  }
  return value === "bearer" ? `needs to know where its token is: ${EXAMPLE.slice(9)}` : `must be ${EXAMPLE}`;
};

const none = section({ strategy: z.literal("none") });

const bearer = section({
  strategy: z.literal("bearer").describe("Sends `Authorization: Bearer` with a token that you have."),
  env: z
    .string(NAME_RULE)
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, NAME_RULE)
    .optional()
    .meta({
      description: "The environment variable (or line of .env) that holds the token.",
      examples: ["GITHUB_MCP_TOKEN"],
    }),
  file: z
    .string("must be the path of a file")
    .min(1, "must be the path of a file")
    .optional()
    .meta({
      description: "A file that holds the token, instead of `env`. Relative to loadtest.yaml. Read again after a 401.",
      examples: ["/run/secrets/mcp-token"],
    }),
  optional: z
    .boolean("must be true or false")
    .default(false)
    .describe("true: without the token the server is tested all the same, without a credential."),
}).refine(({ env, file }) => (env === undefined) !== (file === undefined), {
  error: "needs exactly one of env and file",
});

export const authSchema = z
  .union(
    [
      z.literal("none"),
      z.discriminatedUnion("strategy", [none, bearer], {
        error: (issue) => strategyRule((issue.input as { strategy?: unknown } | undefined)?.strategy),
      }),
    ],
    { error: (issue) => strategyRule(issue.input) },
  )
  .default("none")
  .meta({
    description: "How the server's credential is had. A secret is named, never written.",
    examples: ["none", { strategy: "bearer", env: "GITHUB_MCP_TOKEN" }],
  });
