/** What another thread is asked, and may be too busy to say. */

/** Of a thread that has fallen behind nobody waits for what is only looked at. */
const LIMIT_MS = 2_000;

export class Answer<T> {
  readonly #waiting = new Set<(answer: T | null) => void>();

  /**
   * @param ask sends the question; not called when it is open already: whoever asks meanwhile takes the same answer
   * @returns null when the limit has passed
   */
  async wait(ask: () => void): Promise<T | null> {
    const { promise, resolve } = Promise.withResolvers<T | null>();
    const limit = setTimeout(() => resolve(null), LIMIT_MS).unref();
    this.#waiting.add(resolve);
    if (this.#waiting.size === 1) ask();
    try {
      return await promise;
    } finally {
      clearTimeout(limit);
      this.#waiting.delete(resolve);
    }
  }

  give(answer: T): void {
    for (const take of this.#waiting) take(answer);
  }
}
