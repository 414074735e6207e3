/** The `auth` key of a server, made from the table of strategies. It names a secret and never holds one. */

import * as z from "zod";
import { nearest } from "../config/nearest.ts";
import type { AuthSchema } from "../config/settings.ts";
import { STRATEGIES } from "./strategies.ts";
import type { bearer } from "./strategy/bearer.ts";

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
