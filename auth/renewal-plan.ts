/** When a token is renewed and when a failed fetch is tried again. Pure: spans in, spans out, no clock and no timer. */

import type { Share } from "./world.ts";

const LEAD_SHARE = 0.4;
const LONGEST_LEAD_MS = 5 * 60_000;
const SPREAD_SHARE = 0.1;
const LONGEST_SPREAD_MS = 60_000;

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const SHORTEST_PAUSE_MS = 250;
/** An issuer may ask for quiet, but not silence a whole run by one header. */
const LONGEST_ASKED_MS = 60_000;

/**
 * From asking for a token to asking for the next. The lead is 40 % of the life: with 20 s tokens 8 s, so that an issuer
 * that takes 5 s is still in time, and one that fails is asked four or five times before the old token ends. Five minutes
 * are enough for any issuer, so tokens of an hour are not renewed more often than they must be. Up to 10 % of the life
 * (one minute at most) is taken off by `phase`: tokens that began together do not come due together.
 * @param phase from 0 (latest: exactly 60 % of a short life) to below 1 (earliest)
 * @returns ms
 */
export const renewAfterMs = (livesMs: number, phase: number): number =>
  livesMs -
  Math.min(livesMs * LEAD_SHARE, LONGEST_LEAD_MS) -
  phase * Math.min(livesMs * SPREAD_SHARE, LONGEST_SPREAD_MS);

interface Failure {
  /** Failures in a row, this one included. */
  readonly failures: number;
  /** How long the old token still serves, ms; null when none does, or when its end is not known. */
  readonly leftMs: number | null;
  /** What the issuer asked for (`Retry-After`), ms. */
  readonly askedMs: number | undefined;
}

/**
 * From a failed fetch to the next: 1, 2, 4 ... 30 s, but never more than a quarter of what the old token has left: the
 * closer its end, the more it matters. What the issuer asks for goes before that, as long as one more try fits in
 * before the end (three quarters of what is left).
 * @returns ms, at least 250
 */
export const pauseMs = ({ failures, leftMs, askedMs }: Failure): number => {
  const left = leftMs ?? Number.POSITIVE_INFINITY;
  const own = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 5), LONGEST_PAUSE_MS, left / 4);
  const asked = Math.min(askedMs ?? 0, LONGEST_ASKED_MS, (left * 3) / 4);
  return Math.max(own, asked, SHORTEST_PAUSE_MS);
};

/** An issuer that answers after 5 s works, and is to be waited for also with tokens that live 20 s. */
const SHORTEST_LIMIT_MS = 6000;
const LIMIT_SHARE = 0.75;

/**
 * How long a renewal in the background may take: three quarters of what the old token has left, so that after one that
 * hangs there is time for another.
 * @param leftMs what the old token has left; infinite when nobody knows its end
 * @returns ms, at least 6000
 */
export const renewalLimitMs = (leftMs: number): number => Math.max(leftMs * LIMIT_SHARE, SHORTEST_LIMIT_MS);

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Where in the spread a token is renewed. Multiples of the golden ratio fill the span evenly however many there are
 * (a low-discrepancy sequence), and give the same plan in every run, which random numbers would not.
 * @param share this process among those of the run: each renews the same identity at a moment of its own
 * @returns from 0 to below 1; 0 for the first identity of the first process
 */
export const phaseOf = (identity: number, share: Share): number => ((identity * share.of + share.index) * GOLDEN) % 1;
