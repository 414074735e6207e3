/** Sends the requests of one signal, one after another, and pauses after a refusal. */
import type { Refusal } from "./collector-request.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export interface Batch {
  readonly body: Uint8Array;
  /** @param refusal null when it was taken */
  readonly ended: (refusal: Refusal | null) => void;
}

export class SignalSender {
  readonly #next: () => Batch | null;
  readonly #send: (body: Uint8Array) => Promise<Refusal | null>;
  #underWay: Promise<void> | null = null;
  #pause: NodeJS.Timeout | null = null;
  #pauseMs = FIRST_PAUSE_MS;
  /** Until when the collector wants to be left alone. */
  #askedUntilMs = 0;
  #refusal: Refusal | null = null;

  /** @param next takes what is to be sent; null when nothing is */
  constructor(next: () => Batch | null, send: (body: Uint8Array) => Promise<Refusal | null>) {
    this.#next = next;
    this.#send = send;
  }

  /** There is something to send. */
  wake(): void {
    if (this.#pause === null) this.#underWay ??= this.#sendAll();
  }

  /**
   * One last try, also in a pause; but not in one that the collector asked for.
   * @returns what stands in the way of what is left; null when all was taken
   */
  async finish(): Promise<Refusal | null> {
    await this.#underWay;
    if (Date.now() < this.#askedUntilMs) return this.#refusal;
    this.#endPause();
    this.wake();
    await this.#underWay;
    this.#endPause();
    return this.#refusal;
  }

  async #sendAll(): Promise<void> {
    for (let batch = this.#next(); batch !== null; batch = this.#next()) {
      this.#refusal = await this.#send(batch.body);
      batch.ended(this.#refusal);
      if (this.#refusal !== null) {
        this.#rest(this.#refusal);
        break;
      }
      this.#pauseMs = FIRST_PAUSE_MS;
    }
    this.#underWay = null;
  }

  #rest({ retryAfterMs }: Refusal): void {
    this.#askedUntilMs = Date.now() + retryAfterMs;
    this.#pause = setTimeout(
      () => {
        this.#endPause();
        this.wake();
      },
      Math.max(this.#pauseMs, retryAfterMs),
    );
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
  }

  #endPause(): void {
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#pause = null;
  }
}
