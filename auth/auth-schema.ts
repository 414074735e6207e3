/** The `auth` key of a server, made from the table of strategies. It names a secret and never holds one. */

import * as z from "zod";
import { nearest } from "../config/nearest.ts";
import type { AuthSchema, AuthSettings } from "../config/settings.ts";
import { identitiesOf } from "./identity/identity-list.ts";
import { STRATEGIES, strategyKind } from "./strategies.ts";
import type { bearer } from "./strategy/bearer.ts";
import type { StrategyKind } from "./strategy-kind.ts";

const EXAMPLE = "none, or { strategy: bearer, env: NAME }";
const NAMES = Object.keys(STRATEGIES);

/** What is wrong with a strategy, or with `auth` where a map of one is expected. */
const strategyRule = (value: unknown): string => {
  const strategies = NAMES.join(", ");
  if (typeof value === "string" && value !== "none") {
    if (NAMES.includes(value)) return `needs its keys: ${exampleOf(value)}`;
    const meant = nearest(value, NAMES);
    if (meant !== null)
      return `must be one of ${strategies}; did you mean ${meant === "none" ? meant : exampleOf(meant)}?`;
  }
  return `must be ${EXAMPLE} (strategies: ${strategies})`;
};

/** Short settings that the strategy takes: the keys that it requires, then one more and one more until they are enough. */
const exampleOf = (name: string): string => {
  const { schema } = STRATEGIES[name as keyof typeof STRATEGIES];
  const rules = Object.entries(schema instanceof z.ZodObject ? schema.shape : {});
  const examples = rules.flatMap(([key, rule]): [string, unknown][] => {
    const [example] = (z.globalRegistry.get(rule)?.examples as unknown[] | undefined) ?? [];
    return example === undefined ? [] : [[key, example]];
  });
  const isRequired = ([key]: [string, unknown]): boolean =>
    !rules.some(([name, rule]) => name === key && rule.safeParse(undefined).success);
  const ordered = [...examples.filter(isRequired), ...examples.filter((example) => !isRequired(example))];
  const enough = ordered.findIndex((_, index) => {
    return schema.safeParse({ strategy: name, ...Object.fromEntries(ordered.slice(0, index)) }).success;
  });
  const shown = ordered.slice(0, Math.max(enough, 1)).map(([key, example]) => `${key}: ${inYaml(example)}`);
  return `{ ${[`strategy: ${name}`, ...shown].join(", ")} }`;
};

const inYaml = (example: unknown): string =>
  Array.isArray(example)
    ? `[${example.map(inYaml).join(", ")}]`
    : typeof example === "string"
      ? example
      : JSON.stringify(example);

/** What a strategy cannot do with the list of identities that it was given. */
const identitiesFault = (auth: AuthSettings): { readonly key: "env" | "prefix"; readonly rule: string } | null => {
  const { env, prefix } = identitiesOf(auth) ?? {};
  if (prefix !== undefined && strategyKind(auth).list === undefined) {
    return { key: "prefix", rule: `${auth.strategy} cannot list identities by a prefix; name them with csv` };
  }
  if (env !== undefined && !takesVariable(strategyKind(auth))) {
    return { key: "env", rule: `${auth.strategy} reads no token from a variable; name the identities with csv` };
  }
  return null;
};

/** Whether its key `env` is the name of one variable, as a list of variables needs it. */
const takesVariable = ({ schema }: StrategyKind): boolean =>
  schema instanceof z.ZodObject && schema.shape.env?.safeParse("NAME").success === true;

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
  .superRefine((auth, context) => {
    const fault = identitiesFault(auth);
    if (fault !== null) context.addIssue({ code: "custom", path: ["identities", fault.key], message: fault.rule });
  })
  .meta({
    description: "How the server's credential is had. A secret is named, never written.",
    examples: ["none", { strategy: "bearer", env: "GITHUB_MCP_TOKEN" }],
  });
