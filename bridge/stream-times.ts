import type { StreamEvent } from "../record/facts/streams.ts";

/** When the events of one operation's stream came, and its progress. Bounded, however many come. Times in ms. */

/** Gaps that are kept one by one; of further ones only the largest is known. */
const MOST_GAPS = 1_000;

export class StreamTimes {
  #events = 1;
  readonly #gapsMs: number[] = [];
  #largestGapMs = 0;
  #progress = 0;
  #firstProgressMs = 0;
  #lastProgressMs = 0;
  readonly #progressGapsMs: number[] = [];

  /** One more event. @param gapMs since the one before */
  event(gapMs: number): void {
    this.#events += 1;
    if (gapMs > this.#largestGapMs) this.#largestGapMs = gapMs;
    if (this.#gapsMs.length < MOST_GAPS) this.#gapsMs.push(gapMs);
  }

  /** One progress notification of the call. @param atMs on the bridge's clock */
  progress(atMs: number): void {
    if (this.#progress === 0) this.#firstProgressMs = atMs;
    else if (this.#progressGapsMs.length < MOST_GAPS) this.#progressGapsMs.push(atMs - this.#lastProgressMs);
    this.#lastProgressMs = atMs;
    this.#progress += 1;
  }

  /** @param sentMs when the call was handed to the socket, on the same clock */
  fact(sentMs: number): Omit<StreamEvent, "name" | "askedForProgress"> {
    return {
      events: this.#events,
      gapsMs: this.#gapsMs,
      largestGapMs: this.#largestGapMs,
      progress: this.#progress,
      // What was sent again with another credential may have heard of progress before it was sent.
      firstProgressMs: this.#progress === 0 ? undefined : Math.max(0, this.#firstProgressMs - sentMs),
      progressGapsMs: this.#progressGapsMs,
    };
  }
}

/** Of a call that asked for progress and whose answer was one event. */
export const ONE_EVENT: Omit<StreamEvent, "name" | "askedForProgress"> = {
  events: 1,
  gapsMs: [],
  largestGapMs: 0,
  progress: 0,
  progressGapsMs: [],
};
