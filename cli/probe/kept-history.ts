/** Writes each probe down as it comes. What a full disk refuses waits for the next one: an hour without room ends no watch of days. */

import type { Probe } from "../../capacity/probe/probe.ts";
import { CommandError } from "../command-error.ts";
import { appendHistory } from "./history-file.ts";

/** More than a month of one a minute. Then the oldest go. */
const MOST_WAITING = 50_000;

export class KeptHistory {
  readonly #path: string;
  readonly #waiting: Probe[] = [];
  #hasWritten = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Probes that are not on disk yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * @returns what kept it from being written; null when all is on disk
   * @throws {CommandError} when not even the first one can be written: then the place is wrong
   */
  keep(...probes: readonly Probe[]): string | null {
    this.#waiting.push(...probes);
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    try {
      appendHistory(this.#path, this.#waiting);
    } catch (error) {
      if (!this.#hasWritten || !(error instanceof CommandError)) throw error;
      return error.message;
    }
    this.#waiting.length = 0;
    this.#hasWritten = true;
    return null;
  }
}
