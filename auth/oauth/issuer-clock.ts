import type { HttpAnswer } from "../http/http-question.ts";

/** What a slow answer may make of a right clock. */
const TOLERANCE_MS = 10_000;

/**
 * The wall clock of an issuer, in which the dates of an assertion have to be. Ours is believed until the issuer refuses
 * an assertion and its `date` header (RFC 9110, section 6.6.1) shows another time.
 */
export class IssuerClock {
  readonly #now: () => number;
  #aheadMs = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** ms */
  now(): number {
    return this.#now() + this.#aheadMs;
  }

  /** @returns true when the answer's date puts the clock right, so that another try is worth it */
  correctFrom({ headers }: HttpAnswer): boolean {
    const dateMs = Date.parse(headers.date ?? "");
    if (Number.isNaN(dateMs) || Math.abs(dateMs - this.now()) <= TOLERANCE_MS) return false;
    this.#aheadMs = dateMs - this.#now();
    return true;
  }
}
