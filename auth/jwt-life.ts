/** How long a token lives that came without a word about it, as far as it says so itself. */

import { readClaims } from "./jwt-claims.ts";

/** Clocks of working machines differ by this at most. */
const CLOCK_ERROR_MS = 10 * 60_000;

/**
 * How long a JWT that has just been fetched will live, when nobody said. A guess: its dates are the issuer's clock, and
 * this machine's may be ten minutes off either side. So it is only ever used to renew in time (`Token.isGuess`); a wrong
 * one costs a renewal too many, or one 401 that is repaired, never a token that was good.
 *
 * - `exp - iat` is a span of one clock, and right for a token that was just issued. For lives up to 20 minutes it is
 *   the answer: the local clock could not tell a fresh token from an expired one.
 * - Longer lives: a program may have kept the token, so what is left by the local clock bounds it.
 * - Nothing left by the local clock, or no `exp`: no guess. The server will say.
 *
 * @returns ms from now, positive; null when there is no guess
 */
export const guessedLifeMs = (token: string, nowMs: number): number | null => {
  const { expiresAtMs, issuedAtMs } = readClaims(token) ?? { expiresAtMs: null, issuedAtMs: null };
  if (expiresAtMs === null) return null;
  const leftMs = expiresAtMs - nowMs;
  const wholeMs = issuedAtMs === null ? leftMs : expiresAtMs - issuedAtMs;
  if (issuedAtMs !== null && wholeMs > 0 && wholeMs <= 2 * CLOCK_ERROR_MS) return wholeMs;
  const guessMs = Math.min(leftMs, wholeMs);
  return guessMs > 0 ? guessMs : null;
};
