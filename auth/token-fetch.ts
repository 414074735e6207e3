/** One fetch of one token: never without end, never with something that cannot be sent, and known to the redactor first. */

import { AuthError } from "./auth-error.ts";
import { headerToken } from "./header-token.ts";
import { withinLimit } from "./time-limit.ts";
import type { Refusal, Token, TokenSource } from "./token.ts";
import type { Surroundings } from "./world.ts";

const DEFAULT_LIMIT_MS = 10_000;

/** The longest time that a timer can wait (2^31 - 1 ms, 24 days). */
const LONGEST_LIFE_MS = 2 ** 31 - 1;

/** A token that may be sent now. Moments are those of the monotonic clock. */
export interface Fetched {
  /** Value of the `authorization` header; null when there is no token and none is needed. */
  readonly header: string | null;
  /** From here its life counts. */
  readonly askedAtMs: number;
  /** Positive, or null when nobody said. */
  readonly livesMs: number | null;
  readonly isGuess: boolean;
}

interface Fetching {
  readonly source: TokenSource;
  readonly refusal: Refusal | null;
  readonly surroundings: Pick<Surroundings, "monotonicMs" | "after" | "learn">;
  /** A limit beside the source's own. */
  readonly mostMs?: number;
  /** Is called instead when the source brings a token after the limit, when nobody waits any more. */
  readonly onLate: (fetched: Fetched) => void;
}

/**
 * @returns rejects with AuthError; AUTH_UNREACHABLE when the source takes longer than its limit. Its own limits cannot be
 *   trusted: Azure's clients outlast an abort signal and a timeout when an endpoint accepts and never answers.
 */
export const fetchToken = ({
  source,
  refusal,
  surroundings,
  mostMs = Number.POSITIVE_INFINITY,
  onLate,
}: Fetching): Promise<Fetched> => {
  const askedAtMs = surroundings.monotonicMs();
  const fetched = asked(source, refusal).then(
    (token) => usable(token, askedAtMs, surroundings),
    (cause: unknown) => {
      throw asAuthError(cause);
    },
  );
  const limitMs = Math.min(source.limitMs ?? DEFAULT_LIMIT_MS, mostMs);
  return withinLimit(fetched, { limitMs, after: surroundings.after, onLate });
};

/** Async, so that what a source throws before its first `await` is a rejection like any other. */
const asked = async (source: TokenSource, refusal: Refusal | null): Promise<Token | null> => source.fetch(refusal);

const usable = (
  token: Token | null,
  askedAtMs: number,
  { learn, monotonicMs }: Pick<Surroundings, "learn" | "monotonicMs">,
): Fetched => {
  if (token === null) return { header: null, askedAtMs, livesMs: null, isGuess: false };
  const { value, livesMs, isGuess = false } = token;
  learn(value);
  const text = headerToken(value, "the token that came");
  if (text === null) throw new AuthError("AUTH_INVALID", { why: "the token is empty" });
  learn(text);
  const header = `Bearer ${text}`;
  if (livesMs === null || (isGuess && !(livesMs > 0))) return { header, askedAtMs, livesMs: null, isGuess };
  // `not greater` and not `less`: NaN is no life either.
  if (!(livesMs > 0)) throw new AuthError("AUTH_EXPIRED", { why: "it came already expired" });
  const tookMs = monotonicMs() - askedAtMs;
  if (!isGuess && tookMs >= livesMs) {
    const why = `it lives ${seconds(livesMs)} and took ${seconds(tookMs)} to come`;
    throw new AuthError("AUTH_EXPIRED", { why });
  }
  return { header, askedAtMs, livesMs: Math.min(livesMs, LONGEST_LIFE_MS), isGuess };
};

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

const asAuthError = (cause: unknown): AuthError =>
  cause instanceof AuthError
    ? cause
    : new AuthError("AUTH_INVALID", { why: cause instanceof Error ? cause.name : "unknown reason" }, { cause });
