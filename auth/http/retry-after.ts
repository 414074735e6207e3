import type { HttpAnswer } from "./http-question.ts";

/** A wish for more than a day is a mistake, or worse. */
const LONGEST_MS = 24 * 3600 * 1000;

/**
 * How long a server asks to be left alone (RFC 9110, section 10.2.3), ms. A date is compared with the server's own
 * `date`, so that the clocks need not agree.
 * @returns null when it does not say
 */
export const retryAfterMs = ({ headers }: HttpAnswer, nowMs: number): number | null => {
  const text = headers["retry-after"]?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_MS);
  // RFC 9110, section 5.6.7. JavaScript's own parser takes nearly any number for a year.
  const atMs = text.endsWith(" GMT") ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) return null;
  const serverNowMs = Date.parse(headers.date ?? "");
  return Math.min(Math.max(0, atMs - (Number.isNaN(serverNowMs) ? nowMs : serverNowMs)), LONGEST_MS);
};
