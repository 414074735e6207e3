/** Operations that wait for the collector. Of more than are kept the oldest go. */
import type { CallSpan } from "./call-span.ts";
import { MOST_WAITING } from "./call-tracer.ts";

export class SpanQueue {
  #waiting: readonly CallSpan[] = [];

  /** @returns how many went for them */
  add(spans: readonly CallSpan[]): number {
    return this.#keep([...this.#waiting, ...spans]);
  }

  /** The oldest ones. */
  take(most: number): readonly CallSpan[] {
    const taken = this.#waiting.slice(0, most);
    this.#waiting = this.#waiting.slice(most);
    return taken;
  }

  /** Those that were taken and not sent, to where they stood. @returns how many went */
  putBack(spans: readonly CallSpan[]): number {
    return this.#keep([...spans, ...this.#waiting]);
  }

  #keep(all: readonly CallSpan[]): number {
    this.#waiting = all.slice(-MOST_WAITING);
    return all.length - this.#waiting.length;
  }
}
