/** The `auth` key of a server, made from the table of strategies. It names a secret and never holds one. */

import * as z from "zod";
import type { AuthSchema } from "../config/settings.ts";
import { STRATEGIES } from "./strategies.ts";
import type { bearer } from "./strategy/bearer.ts";

const EXAMPLE = "none, or { strategy: bearer, env: NAME }";

const strategyRule = (value: unknown): string => {
  const names = Object.keys(STRATEGIES);
  if (typeof value === "string" && value !== "none" && names.includes(value)) {
    return value === "bearer"
      ? "needs to know where its token is: { strategy: bearer, env: NAME }"
      : `needs its keys: { strategy: ${value}, ... }`;
  }
  return `must be ${EXAMPLE} (strategies: ${names.join(", ")})`;
};

const { none, ...others } = STRATEGIES;

export const authSchema: AuthSchema = z
  .union(
    [
      z.literal("none"),
      z.discriminatedUnion(
        "strategy",
        [none.schema, ...Object.values(others).map(({ schema }) => schema)] as unknown as [
          typeof bearer.schema & z.core.$ZodTypeDiscriminable,
        ],
        { error: (issue) => strategyRule((issue.input as { strategy?: unknown } | undefined)?.strategy) },
      ),
    ],
    { error: (issue) => strategyRule(issue.input) },
  )
  .default("none")
  .transform((auth) => (auth === "none" ? { strategy: "none" } : auth))
  .meta({
    description: "How the server's credential is had. A secret is named, never written.",
    examples: ["none", { strategy: "bearer", env: "GITHUB_MCP_TOKEN" }],
  });
