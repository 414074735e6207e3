/** One operation in a mix: which it is, what it takes, and what its answer must be. */

import * as z from "zod";
import { duration } from "../../config/quantity-schema.ts";
import { section } from "../../config/section.ts";
import { refineMade } from "./made-value.ts";
import { SAVE_NAME } from "./result-reference.ts";

/** Each kind of operation is a key of its own; of the keys that do not go with all of them, these go with it. */
const KEYS_OF = {
  call: ["arguments", "expect", "matches", "save"],
  read: ["expect", "matches", "save"],
  prompt: ["arguments", "expect", "matches", "save"],
  list: ["save"],
  ping: [],
} as const satisfies Record<string, readonly OwnKey[]>;
const OWN_KEYS = ["arguments", "expect", "matches", "save"] as const;
type OwnKey = (typeof OWN_KEYS)[number];

export const KINDS = Object.keys(KEYS_OF) as Kind[];
export type Kind = keyof typeof KEYS_OF;

export const LISTS = ["tools", "resources", "templates", "prompts"] as const;

/** What Python runs. One shape for all kinds: docs/link-protocol.md, `settings`. */
export interface MixOperation {
  readonly does: Kind;
  /** Name of the tool or prompt, the resource's URI (which may be made), the kind of list; null for a ping. */
  readonly of: unknown;
  /** null: made from the tool's own schema. */
  readonly arguments: unknown;
  readonly times: number;
  /** A text that the answer must hold, or the value of one of the call's own arguments. */
  readonly expect: string | { readonly argument: string } | null;
  readonly matches: string | null;
  readonly timeoutMs: number | null;
  readonly name: string | null;
  readonly save: string | null;
  /** What of its answer later steps refer to. */
  readonly needs: readonly Need[];
}

export interface Need {
  /** mix/result-reference.ts */
  readonly at: string;
  /** What of a text is meant: a pattern. null: all of it. */
  readonly matches: string | null;
}

const NAME_RULE = "must be a name of 1 to 200 characters";
const name = (description: string, examples: readonly string[]) =>
  z.string(NAME_RULE).min(1, NAME_RULE).max(200, NAME_RULE).optional().meta({ description, examples });

const TIMES_RULE = "must be a whole number from 1 to 1000";
const SAVE_RULE = "must be a name of letters, digits and _, at most 41 characters";
const TEXT_RULE = "must be text of 1 to 1000 characters";
const text = () => z.string(TEXT_RULE).min(1, TEXT_RULE).max(1000, TEXT_RULE).optional();

/** A map with a made value inside, such as `{ $lines: uris.txt }`. */
const made = (rule?: string) => z.record(z.string(), z.unknown(), rule);

const ARGUMENTS_RULE = "must be a map of arguments";
const URI_RULE = "must be a URI, or a made one such as { $lines: uris.txt }";

const EXPECT_RULE = "must be text of 1 to 1000 characters, or { argument: NAME }";

/** Answers of calls at once must not be mixed up: each holds what its own call asked for. */
const ownArgument = section({
  argument: z
    .string(NAME_RULE)
    .min(1, NAME_RULE)
    .max(200, NAME_RULE)
    .describe("The value of this argument of the same call."),
});

/** The keys of an operation, for the maps that also take others. */
export const operationShape = {
  call: name("Calls this tool.", ["search"]),
  read: z
    .union([z.string().min(1).max(2000), made()], URI_RULE)
    .superRefine(refineMade)
    .optional()
    .meta({ description: "Reads this resource.", examples: ["docs://start"] }),
  prompt: name("Gets this prompt.", ["summary"]),
  list: z
    .enum(LISTS, `must be one of ${LISTS.join(", ")}`)
    .optional()
    .meta({ description: "Lists these, all pages.", examples: ["tools"] }),
  ping: z
    .literal(true, "must be true")
    .optional()
    .meta({ description: "Pings the server.", examples: [true] }),
  arguments: made(ARGUMENTS_RULE)
    .superRefine(refineMade)
    .optional()
    .meta({
      description: "Arguments of a call or prompt. A call without them gets some that are made from the tool's schema.",
      examples: [{ query: { $lines: "queries.txt" }, limit: 5 }],
    }),
  times: z
    .int(TIMES_RULE)
    .min(1, TIMES_RULE)
    .max(1000, TIMES_RULE)
    .default(1)
    .meta({ description: "How many of it: at once in `parallel`, else one after the other.", examples: [10] }),
  expect: z
    .union([z.string().min(1).max(1000), ownArgument], EXPECT_RULE)
    .optional()
    .meta({ description: "A text that the answer must hold.", examples: ["results", { argument: "query" }] }),
  matches: text().meta({
    description: "A pattern (Python's `re`) that the answer must match.",
    examples: ["\\d+ results"],
  }),
  timeout: duration()
    .optional()
    .meta({ description: "Longest wait, instead of the one under `limits`.", examples: ["10s"] }),
  name: name("Its target in the statistics, instead of the tool's own name.", ["cached"]),
  save: z
    .string(SAVE_RULE)
    .regex(SAVE_NAME, SAVE_RULE)
    .optional()
    .meta({ description: "Keeps the answer under this name for later steps.", examples: ["found"] }),
};

type Given = z.output<z.ZodObject<typeof operationShape>>;

/** @returns the one kind that is given; null when none or several are */
export const kindOf = (given: Readonly<Record<string, unknown>>): Kind | null => {
  const [kind, ...others] = KINDS.filter((key) => given[key] !== undefined);
  return kind === undefined || others.length > 0 ? null : kind;
};

/** Reports keys that do not go with the kind. */
export const refineOperation = (given: Given, context: z.core.$RefinementCtx): void => {
  const kind = kindOf(given);
  if (kind === null) return;
  const report = (key: string, message: string) => context.addIssue({ code: "custom", path: [key], message });
  const allowed: readonly OwnKey[] = KEYS_OF[kind];
  for (const key of OWN_KEYS) {
    if (given[key] !== undefined && !allowed.includes(key)) report(key, `does not go with ${kind}`);
  }
  if (typeof given.expect === "object" && lacks(given.arguments, given.expect.argument))
    report("expect", `asks for the argument ${given.expect.argument}, which the call has not`);
  if (given.save !== undefined && given.times > 1)
    report("save", "does not go with times: which of the answers would it be?");
};

/** Arguments that are made as a whole may have any name. */
const lacks = (given: Given["arguments"], name: string): boolean =>
  given !== undefined && !Object.hasOwn(given, name) && !Object.keys(given).some((key) => key.startsWith("$"));

export const operationOf = (given: Given): MixOperation => {
  const kind = kindOf(given) ?? "ping";
  return {
    does: kind,
    of: kind === "ping" ? null : given[kind],
    arguments: given.arguments ?? (kind === "call" ? null : {}),
    times: given.times,
    expect: given.expect ?? null,
    matches: given.matches ?? null,
    timeoutMs: given.timeout ?? null,
    name: given.name ?? null,
    save: given.save ?? null,
    needs: [],
  };
};

/** An operation alone in its map, as inside `parallel`. */
export const operationSchema = () =>
  section(operationShape)
    .superRefine((given, context) => {
      if (context.issues.length > 0) return;
      if (kindOf(given) === null) context.addIssue({ code: "custom", message: `must have one of ${KINDS.join(", ")}` });
      refineOperation(given, context);
    })
    .transform(operationOf);
