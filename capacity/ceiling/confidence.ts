/**
 * What an answer claims as a whole, confirmed on simulated servers (docs/ceiling.md). A single interval is at 99 %: an answer
 * rests on several of them, each looked at up to three times, and calls that wait in one queue tell less than their number. Of
 * several runs of one level there are too few for 99 %: there 95 % keep the claim on servers whose steps differ by a third.
 */
export const CONFIDENCE_PERCENT = 90;
