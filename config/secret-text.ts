/** Finds a secret inside a longer text that is about to be written or sent, whatever its name. */

import { isSecretName, looksLikeToken } from "./secret-shape.ts";

/** `postgres://somebody:password@host`. What a program takes from its environment, `${NAME}`, is none, and neither is `git@`. */
const LOGIN_IN_URL = /:\/\/(?!git@|\$\{\w+\}(?::\$\{\w+\})?@)(?:[^/?#\s@]+|[^/?#\s:@]*:(?!\d{0,5}(?:[/?#]|$))[^\s@]+)@/;

/** `?sig=…`, `&code=…`, `#access_token=…` */
const PARAMETER = /[?&#]([^=&#?\s]+)=(?!\$\{)[^&#\s]/g;

/** `;AccountKey=…` of a connection string, `--password=…`. */
const ASSIGNMENT =
  /(?:(?:account|access|api)[-_]?key|signature|passw(?:or)?d|passphrase|pwd|secret|token)["']?\s*=\s*["']?(?!\$\{)[^\s;&"']{3}/i;

/** With a beginning of the key itself: a program may well know how one begins. */
export const PRIVATE_KEY = /-----BEGIN [^\n-]{0,40}PRIVATE KEY-----[\s\S]{0,300}?[A-Za-z0-9+/]{24}/;

/** @returns what it holds, a noun for a sentence that never quotes it; null when nothing looks like a secret */
export const secretIn = (text: string): string | null => {
  if (PRIVATE_KEY.test(text)) return "a private key";
  if (LOGIN_IN_URL.test(text)) return "a password, in an address";
  if ([...text.matchAll(PARAMETER)].some(([, name = ""]) => isSecretName(decoded(name))))
    return "a secret, in the query of an address";
  if (ASSIGNMENT.test(text)) return "a secret, behind an =";
  return looksLikeToken(text) ? "what looks like a token" : null;
};

const decoded = (name: string): string => {
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // a lone %: no name that a server would know
  }
};
