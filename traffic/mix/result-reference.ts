/**
 * `found/structured/results/0/url`: a place in the answer of an earlier step. First the name that the step was saved under,
 * then what of the answer is meant, then a JSON pointer (RFC 6901) into it, where `*` takes any item of a list.
 */

import { nearest } from "../../config/nearest.ts";

/** What of an answer may be meant. */
const ROOTS = ["text", "structured", "json", "raw"] as const;

export const SAVE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,40}$/;

/** @returns the name of the saved answer that it refers to */
export const savedName = (reference: string): string => reference.split("/", 1)[0] ?? "";

export const resultFault = (value: unknown): string | null => {
  if (typeof value !== "string" || value.length > 500) return "must be a text such as found/structured/results/0/url";
  const [name = "", root, ...pointer] = value.split("/");
  if (!SAVE_NAME.test(name)) return "must begin with the name that an earlier step was saved under";
  if (root === undefined || !(ROOTS as readonly string[]).includes(root)) {
    const meant = root === undefined ? null : nearest(root, ROOTS);
    return `must say what of the answer is meant: ${ROOTS.map((known) => `${name}/${known}`).join(", ")}${meant === null ? "" : ` (did you mean ${meant}?)`}`;
  }
  return root === "text" && pointer.length > 0
    ? `must end after ${name}/text, which has no parts (${name}/json is the text parsed as JSON)`
    : null;
};
