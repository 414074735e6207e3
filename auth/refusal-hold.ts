/** Keeps a server that refuses every token from making the issuer give one for every call. */

const FIRST_HOLD_MS = 5000;
const LONGEST_HOLD_MS = 60_000;
/** So long without a refusal, and the credential has evidently served. */
const QUIET_MS = 60_000;
/** Different challenges that are answered within one hold: enough for scopes that are asked for one after the other. */
const MOST_CHALLENGES = 4;

/**
 * After a token was fetched because of a refusal, further refusals bring no other for 5 s, then 10, 20, 40 and 60 s.
 * A challenge that was not answered yet is let through (RFC 6750, section 3.1, `insufficient_scope`: each tool may want a scope of its own), but
 * only a few of them, because a hostile server can make up a new one for each call.
 */
export class RefusalHold {
  #lengthMs = 0;
  #untilMs = Number.NEGATIVE_INFINITY;
  readonly #answered = new Set<string>();

  admits(challenge: string | null, nowMs: number): boolean {
    if (nowMs >= this.#untilMs) return true;
    return challenge !== null && !this.#answered.has(challenge) && this.#answered.size < MOST_CHALLENGES;
  }

  /** A token was asked for because of the refusal, whatever came of it. */
  arm(challenge: string | null, nowMs: number): void {
    if (nowMs >= this.#untilMs) {
      const wasQuiet = nowMs >= this.#untilMs + QUIET_MS;
      this.#lengthMs = wasQuiet ? FIRST_HOLD_MS : Math.min(this.#lengthMs * 2, LONGEST_HOLD_MS);
      this.#answered.clear();
    }
    this.#untilMs = nowMs + this.#lengthMs;
    if (challenge !== null) this.#answered.add(challenge);
  }

  /** A token came that nobody has refused yet: its first refusal is worth a fetch. The doubling goes on. */
  lift(nowMs: number): void {
    this.#untilMs = Math.min(this.#untilMs, nowMs);
  }
}
