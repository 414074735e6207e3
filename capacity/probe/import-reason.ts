/**
 * What another program says of a failure, in our words. Its own are not kept: an error text may hold an address with a key in
 * it, a token or a customer's name, and a history is printed and passed on.
 */

import { isOutcome, type Reason } from "../../record/reason.ts";

/** The first that fits counts. */
const WORDS = [
  [/time[\s_-]?d?[\s_-]?out|deadline|too slow/i, "timeout"],
  [/\b(tls|ssl|certificate|cert_\w+)\b/i, "tls"],
  [/reset|hang[\s_-]?up|EPIPE|closed|disconnect|aborted|broken pipe/i, "disconnected"],
  [/E?CONN\w*REFUSED|refused|unreach|ENOTFOUND|EAI_AGAIN|getaddrinfo|\bdns\b|connect/i, "connect"],
  [/rate[\s_-]?limit|too many requests|throttl/i, "http-429"],
  [/unauthori[sz]ed|unauthenticated/i, "http-401"],
  [/forbidden/i, "http-403"],
  [/unavailable/i, "http-503"],
  [/json-?rpc/i, "json-rpc-error"],
] as const satisfies readonly (readonly [RegExp, Reason])[];

/** Of probes, beside the reasons of a run. */
const OWN = new Set(["tool-not-listed", "tool-may-write"]);

/** An HTTP status, alone or where the text says that it is one. */
const STATUS = /^\s*([345]\d\d)\s*$|\b(?:http|status|code)\D{0,10}([345]\d\d)\b/i;

/** @param said in the order in which they are believed @returns `failed` where none has a word that is known */
export const reasonOf = (...said: readonly unknown[]): string => {
  for (const each of said) {
    const reason = typeof each === "string" || typeof each === "number" ? known(String(each)) : null;
    if (reason !== null) return reason;
  }
  return "failed";
};

const LONGEST = 1_000;

const known = (whole: string): string | null => {
  const text = whole.slice(0, LONGEST);
  if ((isOutcome(text) && text !== "ok") || OWN.has(text)) return text;
  const [, alone, named] = STATUS.exec(text) ?? [];
  const status = alone ?? named;
  if (status !== undefined) {
    const exact = `http-${status}`;
    return isOutcome(exact) ? exact : `http-${status[0]}xx`;
  }
  return WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
};
