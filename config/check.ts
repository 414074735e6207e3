/** Checks a file's values against the schema and says what is wrong in one sentence a fault. */

import type * as z from "zod";
import { type Fault, type Path, showValue } from "./fault.ts";
import { nearest } from "./nearest.ts";
import { KEY_SEPARATOR } from "./section.ts";

/** A fault that does not know its line yet. */
type Complaint = Pick<Fault, "path" | "sentence">;

interface Written {
  /** The values that are checked, `${NAME}` replaced. */
  readonly value: unknown;
  /** The same as it stands in the file, for quoting. */
  readonly written: unknown;
  /** True where a value came out of `${NAME}`, which always gives text. */
  readonly isExpanded: (path: Path) => boolean;
}

/** @returns the checked values with all defaults, or everything that is wrong with them */
export const check = <Schema extends z.ZodType>(
  schema: Schema,
  { value, written, isExpanded }: Written,
): { readonly entry: z.output<Schema> } | { readonly complaints: readonly Complaint[] } => {
  let parsed = schema.safeParse(value);
  if (!parsed.success && convertExpanded(value, parsed.error.issues, isExpanded)) parsed = schema.safeParse(value);
  if (parsed.success) return { entry: parsed.data };
  return { complaints: parsed.error.issues.flatMap((issue) => complaintsOf(issue, [], written)) };
};

/** `weight: ${WEIGHT}` means a number, though the environment only holds text. Changes `value` in place. */
const convertExpanded = (
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
  isExpanded: Written["isExpanded"],
): boolean => {
  let hasChanged = false;
  for (const issue of issues.flatMap((issue) => [issue, ...insideUnion(issue)])) {
    if (issue.code !== "invalid_type" || !isExpanded(issue.path as Path)) continue;
    const holder = valueAt(value, issue.path.slice(0, -1) as Path) as Record<string, unknown>;
    const key = String(issue.path.at(-1));
    const converted = fromText(String(holder[key]), issue.expected);
    if (converted === undefined) continue;
    holder[key] = converted;
    hasChanged = true;
  }
  return hasChanged;
};

const fromText = (text: string, expected: string): number | boolean | undefined => {
  if (expected === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  const isNumber = (expected === "number" || expected === "int") && /^-?\d+(\.\d+)?$/.test(text);
  return isNumber ? Number(text) : undefined;
};

const complaintsOf = (issue: z.core.$ZodIssue, above: Path, written: unknown): Complaint[] => {
  const path = [...above, ...(issue.path as Path)];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        sentence: unknownKey(key, issue.message.split(KEY_SEPARATOR)),
      }));
    case "invalid_key":
      return [{ path, sentence: issue.issues[0]?.message ?? issue.message }];
    case "invalid_union": {
      const inside = insideUnion(issue);
      return inside.length > 0
        ? inside.flatMap((inner) => complaintsOf(inner, [], written))
        : [{ path, sentence: sentenceFor(issue.message, path, written) }];
    }
    default:
      return [{ path, sentence: sentenceFor(issue.message, path, written) }];
  }
};

/**
 * The issues of the alternative that the user meant: the one whose kind of value (text, map) fits. None when no kind
 * fits. Their paths are made complete.
 */
const insideUnion = (issue: z.core.$ZodIssue): z.core.$ZodIssue[] => {
  if (issue.code !== "invalid_union") return [];
  const meant = issue.errors.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === "unrecognized_keys" || code === "custom"),
  );
  return (meant ?? []).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
};

const unknownKey = (key: string, known: readonly string[]): string => {
  const meant = nearest(key, known);
  return meant === null
    ? `is not a known key here (known: ${known.join(", ")})`
    : `is not a known key; did you mean ${meant}?`;
};

/** The schema's messages begin with "must" where they speak about the value itself; then it is shown before them. */
const sentenceFor = (message: string, path: Path, written: unknown): string => {
  if (!message.startsWith("must")) return message;
  const value = valueAt(written, path);
  if (value === undefined) return `is missing, ${message}`;
  const shown = showValue(value, path);
  return shown === null ? message : `is ${shown}, ${message}`;
};

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    value,
  );
