/** Why an operation failed, as far as a row of the service tells: our own sentence first, then the HTTP status. */
import { REASONS, type Reason } from "../../record/reason.ts";
import type { ResultRow } from "./row-reader.ts";

const BY_TEXT = Object.entries(REASONS) as [Reason, { readonly text: string }][];

const BY_STATUS: ReadonlyMap<string, Reason> = new Map([
  ["401", "http-401"],
  ["403", "http-403"],
  ["404", "http-404"],
  ["429", "http-429"],
  ["503", "http-503"],
]);
const BY_CLASS: ReadonlyMap<string, Reason> = new Map([
  ["3", "http-3xx"],
  ["4", "http-4xx"],
  ["5", "http-5xx"],
]);

/**
 * The message is the text of the error that Locust was told (`no answer within the time limit: ...`) or how Python shows
 * it (`McpTimeout(no answer within the time limit)`). A detail behind it may name another reason: the first one counts.
 * A failed check stands with status 200 there, which says nothing.
 */
export const reasonOfRow = ({ message, responseCode }: Pick<ResultRow, "message" | "responseCode">): Reason =>
  reasonInText(message) ?? BY_STATUS.get(responseCode) ?? reasonOfClass(responseCode) ?? "unknown";

const reasonInText = (message: string): Reason | null => {
  let found: Reason | null = null;
  let first = message.length;
  for (const [reason, { text }] of BY_TEXT) {
    const at = message.indexOf(text);
    if (at === -1 || at >= first) continue;
    found = reason;
    first = at;
  }
  return found;
};

const reasonOfClass = (responseCode: string): Reason | undefined =>
  /^[345]\d\d$/.test(responseCode) ? BY_CLASS.get(responseCode.charAt(0)) : undefined;
