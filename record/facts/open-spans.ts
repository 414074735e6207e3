/**
 * How many things were open at once, over several processes: each says its own most and from when to when it was there. Those
 * that were there together are added, those that followed each other (a bridge was lost, another went on) are not.
 */
import * as z from "zod";

/** Wall clock, ms. */
export const openSpan = z.object({ fromMs: z.number(), toMs: z.number(), open: z.number(), streams: z.number() });
export type OpenSpan = z.infer<typeof openSpan>;

/** More processes than a run has; behind it they are taken together. */
const MOST_SPANS = 256;

export const addSpan = (spans: OpenSpan[], span: OpenSpan): void => {
  const last = spans.at(-1);
  if (spans.length < MOST_SPANS || last === undefined) {
    spans.push({ ...span });
    return;
  }
  last.fromMs = Math.min(last.fromMs, span.fromMs);
  last.toMs = Math.max(last.toMs, span.toMs);
  last.open += span.open;
  last.streams += span.streams;
};

/** At most this many: the processes' own peaks need not have come at the same moment. */
export const peakOf = (spans: readonly OpenSpan[], what: "open" | "streams"): number => {
  const at = (ms: number): number =>
    spans.reduce((total, span) => (span.fromMs <= ms && ms <= span.toMs ? total + span[what] : total), 0);
  return spans.reduce((most, { fromMs }) => Math.max(most, at(fromMs)), 0);
};
