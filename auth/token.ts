/** What a strategy brings, and the one thing that it does: bring another. Everything else is `kept-token.ts`'s. */

export interface Token {
  readonly value: string;
  /**
   * How long it may be sent, ms, counted from the moment it was asked for; null when nobody said. A life and not a
   * date: the clocks of this machine and of the issuer may differ by minutes.
   */
  readonly livesMs: number | null;
  /**
   * True when the life was worked out from a date with this machine's clock, which may be wrong: the token is renewed by
   * it, but only a server's refusal ends it.
   */
  readonly isGuess?: boolean;
}

/** Why a server refused a token. */
export interface Refusal {
  /** The token it refused; null when none was sent. */
  readonly token: string | null;
  /** The answer's `www-authenticate` header, or null. */
  readonly challenge: string | null;
}

/**
 * One way to one token. It keeps no token, starts no timer and tries nothing twice: single flight, renewal ahead of
 * time, back-off and the old token's last minutes are the keeper's.
 */
export interface TokenSource {
  /**
   * @param refusal set when the token is wanted because a server refused the last one
   * @returns the token, or null when there is none and none is needed
   * @throws {AuthError} (rejects) when there is none and one is needed
   */
  fetch(refusal: Refusal | null): Promise<Token | null>;
  /** How long one fetch may take, ms. Default 10 s: longer than any token endpoint that works. */
  readonly limitMs?: number;
  /** Which of several credentials has brought the last token (`azure-cli`), for people; null when none has. */
  chosen?(): Promise<string | null>;
  /** Ends what it has begun and what would otherwise outlive the run: a program. */
  close?(): void;
}
