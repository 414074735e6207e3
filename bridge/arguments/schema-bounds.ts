/** What a stranger's schema may be, before any thread or compiler sees it: bounded, and all of it in one piece. */

import { isMap } from "../../config/is-map.ts";
import { ArgumentsError } from "./arguments-error.ts";

const MOST_CHARACTERS = 256 * 1024;
const MOST_LEVELS = 64;
const REFERENCES = new Set(["$ref", "$dynamicRef", "$recursiveRef"]);

/**
 * @returns the schema as JSON
 * @throws {ArgumentsError} ARGUMENTS_NO_SCHEMA, ARGUMENTS_TOO_LARGE, ARGUMENTS_ELSEWHERE
 */
export const boundedText = (schema: unknown): string => {
  if (!isMap(schema)) throw new ArgumentsError("ARGUMENTS_NO_SCHEMA");
  // First, since all that follows is recursive.
  if (isDeeper(schema, MOST_LEVELS)) throw new ArgumentsError("ARGUMENTS_TOO_LARGE");
  const text = JSON.stringify(schema);
  if (text.length > MOST_CHARACTERS) throw new ArgumentsError("ARGUMENTS_TOO_LARGE");
  if (refersElsewhere(schema)) throw new ArgumentsError("ARGUMENTS_ELSEWHERE");
  return text;
};

const isDeeper = (value: unknown, levels: number): boolean => {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1));
};

const refersElsewhere = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, item]) =>
    REFERENCES.has(key) && typeof item === "string" ? !item.startsWith("#") : refersElsewhere(item),
  );
};
