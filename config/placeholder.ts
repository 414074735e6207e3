/**
 * `${NAME}` and `${NAME:-default}` inside a value of `loadtest.yaml`. `$${` stands for a plain `${`. One pass: what a
 * variable holds is never expanded again.
 */

import type { Lookup } from "./environment.ts";

const PLACEHOLDER = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]{0,63})(:-([^}]*))?\}|\$\{/g;

export const hasPlaceholder = (text: string): boolean => /(^|[^$])\$\{/.test(text);

/** The text with its placeholders cut out: what of it stands literally in the file, defaults included. */
export const literalParts = (text: string): string =>
  text.replace(PLACEHOLDER, (_match, _name, _rest, fallback?: string) => fallback ?? "");

/** The variables that the text asks for. */
export const placeholderNames = (text: string): string[] =>
  [...text.matchAll(PLACEHOLDER)].flatMap(([, name]) => name ?? []);

/** @param report called with a sentence for each variable that is not set, or that is not written as one */
export const expand = (text: string, lookup: Lookup, report: (fault: string) => void): string =>
  text.replace(PLACEHOLDER, (match: string, name?: string, rest?: string, fallback?: string) => {
    if (match === "$${") return "${";
    if (name === undefined) {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation itself
      report("has a ${ that is not ${NAME} or ${NAME:-default} (write $${ for a plain one)");
      return "";
    }
    const value = lookup(name);
    if (value !== undefined) return value;
    if (rest !== undefined) return fallback ?? "";
    report(`the variable ${name} is not set: set it, put it into .env, or give a default with \${${name}:-...}`);
    return "";
  });
