import type { Operation } from "./operation.ts";

/**
 * How much the results that users want may take in this bridge, all together: large answers that are coming in, and lines
 * that Python has not taken yet. One answer is always let in, `maxAnswer` is its bound.
 */

export const MOST_KEPT_BYTES = 256 * 1024 * 1024;

export class KeptResults {
  readonly #most: number;
  #bytes = 0;
  /** Bytes that were written for Python and are still here. */
  waiting: () => number = () => 0;

  constructor(mostBytes = MOST_KEPT_BYTES) {
    this.#most = mostBytes;
  }

  /**
   * Counts what an operation holds, until `release`.
   * @param bytes in all
   * @returns false when there is no room for so much
   */
  hold(operation: Operation, bytes: number): boolean {
    const more = bytes - operation.keptBytes;
    if (more <= 0) return true;
    const others = this.#bytes - operation.keptBytes + this.waiting();
    if (others > 0 && others + bytes > this.#most) return false;
    this.#bytes += more;
    operation.keptBytes = bytes;
    return true;
  }

  release(operation: Operation): void {
    this.#bytes -= operation.keptBytes;
    operation.keptBytes = 0;
  }
}
