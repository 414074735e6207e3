/** Nothing works for the first seconds, and then everything does. */
import { countText } from "../../record/duration-text.ts";
import type { Outcome } from "../../record/reason.ts";
import type { ServerView } from "../server-view.ts";

/** What clients of a server that is not there yet, or not ready, get to see. */
const NOT_READY: readonly Outcome[] = ["connect", "disconnected", "http-503", "http-5xx", "http-404", "timeout"];
const FEWEST = 3;
/** Of all such failures, at least so many were over when the first answer came. */
const SHARE_BEFORE = 0.9;

export const coldStart = ({ seconds, counts }: ServerView): string | null => {
  const firstOk = seconds.findIndex(({ ok }) => ok > 0);
  if (firstOk < 1) return null;
  const before = seconds.slice(0, firstOk).reduce((sum, { failures }) => sum + failures, 0);
  // In the second of the first answer both may be.
  const until = before + (seconds[firstOk]?.failures ?? 0);
  const all = NOT_READY.reduce((sum, reason) => sum + (counts.get(reason) ?? 0), 0);
  // Seconds do not know reasons: as many of the early ones as there are failures of other kinds may be such.
  const others = [...counts].reduce((sum, [reason, count]) => sum + (reason === "ok" ? 0 : count), -all);
  const early = before - others;
  if (early < FEWEST || until - others < SHARE_BEFORE * all) return null;
  const [first, ready] = [seconds[0]?.second ?? 0, seconds[firstOk]?.second ?? 0];
  const reason = NOT_READY.toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))[0];
  return `${countText(early)} attempts failed in about the first ${ready - first} s (${reason}) and none was answered; from then on it answered`;
};
