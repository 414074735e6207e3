/**
 * The fields of a line, or of an answer of the HTTP face, whose values programs compare or open. A password that happens
 * to be such a word is left in them (docs/security.md).
 */
export const PROTOCOL_WORDS: ReadonlySet<string> = new Set(["op", "reason", "level", "code", "dir", "status"]);
