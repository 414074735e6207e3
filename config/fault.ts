/** One thing that is wrong with a configuration file, and how it is told: place, key, what is there, what may be. */

import { looksLikeToken } from "./secret-shape.ts";

export type Path = readonly (string | number)[];

export interface Fault {
  /** 1-based; the line of the whole file's faults is 1. */
  readonly line: number;
  readonly column: number;
  /** The key that it is about; empty for the file as a whole. */
  readonly path: Path;
  readonly sentence: string;
}

/** More than these help nobody; the rest is counted. */
const MOST_SHOWN = 50;

/** @returns `loadtest.yaml:12:5 servers.learn.weight: is "heavy", must be a number of at least 0`, in the file's order */
export const faultLines = (source: string, faults: readonly Fault[]): string[] => {
  const sorted = [...faults].sort((a, b) => a.line - b.line || a.column - b.column);
  const lines = sorted.slice(0, MOST_SHOWN).map(({ line, column, path, sentence }) => {
    const key = path.length > 0 ? ` ${path.map(showKey).join(".")}` : "";
    return `${source}:${line}:${column}${key}: ${sentence}`;
  });
  const hidden = sorted.length - lines.length;
  return hidden > 0 ? [...lines, `${source}: and ${hidden} more`] : lines;
};

/** A key as it may be shown: one that is long, odd or looks like a token is a paste gone wrong, and stays hidden. */
export const showKey = (key: string | number): string =>
  typeof key === "number" || (/^[\w$. /-]{1,64}$/.test(key) && !looksLikeToken(key)) ? String(key) : "(odd name)";

/** Keys whose values are never quoted: a secret that was written by mistake would be in one of them. */
const NEVER_QUOTED = new Set(["headers", "auth", "secrets", "certificates", "credential", "env", "identities"]);

/**
 * What stands in the file, in words. Always the text before `${NAME}` was replaced; null when it is better not shown.
 */
export const showValue = (value: unknown, path: Path): string | null => {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value !== "string") return String(value);
  if (path.some((key) => NEVER_QUOTED.has(String(key))) && path.at(-1) !== "strategy" && path.at(-1) !== "auth")
    return null;
  // A URL may hold a password or a key.
  if (value.length > 60 || looksLikeToken(value) || /[@?]/.test(value)) return null;
  return JSON.stringify(value);
};
