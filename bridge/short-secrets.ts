import { hashAt, SHORTEST_STRETCH, type Stretch, WINDOW } from "./secret-index.ts";

/** Finds texts too short for the index of secrets. They are found whole or not at all: a piece of them is a word of anybody's. */

/** Characters of the shortest; what is shorter would blank out ordinary words. */
export const SHORTEST_TEXT = 6;
/** A power of two. A byte for a hash says that a window with it is known: most looks end there. */
const FILTER_BYTES = 1 << 14;

interface Place {
  readonly text: string;
  /** Where in the text the window lies. */
  readonly at: number;
}

export class ShortSecrets {
  readonly #places = new Map<number, Place[]>();
  readonly #filter = new Uint8Array(FILTER_BYTES);
  /** A small integer from the start: places in a text that are computed from a float are slow. */
  #shortest = SHORTEST_STRETCH;

  /** @param text at least `SHORTEST_TEXT` long, and not added before */
  add(text: string): void {
    this.#shortest = Math.min(this.#shortest, text.length);
    for (let at = 0; at + WINDOW <= text.length; at++) {
      const hash = hashAt(text, at);
      const places = this.#places.get(hash);
      if (places === undefined) this.#places.set(hash, [{ text, at }]);
      else places.push({ text, at });
      this.#filter[hash & (FILTER_BYTES - 1)] = 1;
    }
  }

  /** @returns the first known text behind `from`, the longest of those that overlap there; null when there is none */
  find(searched: string, from = 0): Stretch | null {
    if (this.#places.size === 0) return null;
    // Wherever the shortest lies, a look falls into it.
    const step = this.#shortest - WINDOW + 1;
    const last = searched.length - WINDOW;
    for (let at = from; at <= last; at += step) {
      const hash = hashAt(searched, at);
      if (this.#filter[hash & (FILTER_BYTES - 1)] === 0) continue;
      let longest: Stretch | null = null;
      for (const place of this.#places.get(hash) ?? []) {
        const start = at - place.at;
        const isLonger = longest === null || place.text.length > longest.to - longest.from;
        if (isLonger && start >= from && searched.startsWith(place.text, start))
          longest = { from: start, to: start + place.text.length };
      }
      if (longest !== null) return longest;
    }
    return null;
  }
}
