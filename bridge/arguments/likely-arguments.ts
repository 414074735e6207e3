/**
 * Which optional arguments are worth making. A random text as a `cursor` or a `path` makes a call fail for no fault of the
 * server's, so an optional argument is only kept where its schema says which values are good.
 */

import { isMap } from "../../config/is-map.ts";

type Schema = Readonly<Record<string, unknown>>;

/** @returns the schema that arguments are made from; they are checked against the whole one */
export const withLikelyArguments = (schema: Schema): Schema => {
  const { properties, required } = schema;
  if (!isMap(properties)) return schema;
  const needed: ReadonlySet<unknown> = new Set(Array.isArray(required) ? required : []);
  const kept = Object.entries(properties).filter(([name, rule]) => needed.has(name) || saysWhatIsGood(rule));
  return { ...schema, properties: Object.fromEntries(kept) };
};

const saysWhatIsGood = (rule: unknown): boolean => {
  if (!isMap(rule)) return false;
  if (["enum", "const", "default", "examples"].some((key) => rule[key] !== undefined)) return true;
  return rule.type === "boolean" || (rule.minimum !== undefined && rule.maximum !== undefined);
};
