import { AuthError } from "./auth-error.ts";

/**
 * Makes of a text from a variable, a file or a program what may stand after `Bearer`. Whatever could break out of the
 * header is refused: control characters, blanks inside, all that is not ASCII.
 * @param place where the text is from, for the error
 * @returns null when it is empty
 * @throws {AuthError} AUTH_UNUSABLE
 */
export const headerToken = (text: string, place: string): string | null => {
  // Copied from a header or a `curl` line, a token often brings its scheme along.
  const token = text.trim().replace(/^bearer(?:\s+|$)/i, "");
  if (token === "") return null;
  if (!/^[\x21-\x7e]+$/.test(token)) throw new AuthError("AUTH_UNUSABLE", { place });
  return token;
};
