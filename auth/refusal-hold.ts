/** Keeps a server that refuses every token from making the issuer give one for every call. */

const FIRST_HOLD_MS = 5000;
const LONGEST_HOLD_MS = 60_000;
/** After a token that did serve: an issuer is asked once a second at most, however short the lives are that a server gives. */
const LEAST_HOLD_MS = 1000;
/** So long without a refusal, and the credential has evidently served. */
const QUIET_MS = 60_000;
/** Different challenges that are answered without waiting for the hold to end: enough for scopes that are asked for one after the other. */
const MOST_CHALLENGES = 4;

/**
 * After a token was fetched because of a refusal, further refusals bring no other for 5 s, then 10, 20, 40 and 60 s.
 * A challenge that was not answered yet is let through (RFC 6750, section 3.1, `insufficient_scope`: each tool may want a scope of its own), but
 * only a few of them, because a hostile server can make up a new one for each call.
 *
 * A fetched token that served ends the doubling: the server does not refuse every token, its tokens live shorter than
 * anybody said. Then the next refusal may be looked into a second after this one.
 */
export class RefusalHold {
  #lengthMs = 0;
  #armedAtMs = Number.NEGATIVE_INFINITY;
  #untilMs = Number.NEGATIVE_INFINITY;
  /** Till then no more challenges are let through, whatever served: each new one may be made up. */
  #challengedUntilMs = Number.NEGATIVE_INFINITY;
  readonly #answered = new Set<string>();

  admits(challenge: string | null, nowMs: number): boolean {
    if (nowMs >= this.#untilMs) return true;
    return challenge !== null && !this.#answered.has(challenge) && this.#answered.size < MOST_CHALLENGES;
  }

  /** A token was asked for because of the refusal, whatever came of it. */
  arm(challenge: string | null, nowMs: number): void {
    if (nowMs >= this.#untilMs + QUIET_MS) this.#lengthMs = 0;
    else if (nowMs >= this.#untilMs) this.#lengthMs *= 2;
    if (nowMs >= this.#untilMs && nowMs >= this.#challengedUntilMs) this.#answered.clear();
    this.#lengthMs = Math.min(Math.max(this.#lengthMs, FIRST_HOLD_MS), LONGEST_HOLD_MS);
    this.#armedAtMs = nowMs;
    this.#untilMs = nowMs + this.#lengthMs;
    this.#challengedUntilMs = nowMs + FIRST_HOLD_MS;
    if (challenge !== null) this.#answered.add(challenge);
  }

  /** The token that was fetched because of a refusal has served. */
  served(): void {
    this.#lengthMs = 0;
    this.#untilMs = Math.min(this.#untilMs, this.#armedAtMs + LEAST_HOLD_MS);
  }

  /** A token came that nobody has refused yet: its first refusal is worth a fetch. The doubling goes on. */
  lift(nowMs: number): void {
    this.#untilMs = Math.min(this.#untilMs, nowMs);
  }
}
