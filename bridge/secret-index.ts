/** Finds known texts in other texts, in a time that hardly depends on how many are known. */

/** Characters that are compared at a look. Four of base64 are one of 16 million; what they match is then compared whole. */
export const WINDOW = 4;
/** Characters from one look to the next: of a searched text most are never read. */
const STEP = 12;
/** Shortest stretch of a known text that is found: wherever it lies, a look falls into it. */
export const SHORTEST_STRETCH = WINDOW + STEP - 1;
/** A longer text is known by its head, its tail, and a place every so many characters: a token may have two thousand. */
const FULLY_KNOWN = 256;
/** Tokens of one issuer begin alike. Further ones with the same four characters are found by others. */
const MOST_ALIKE = 4;
/** A look falls into few places of a shorter text, and keys of one issuer begin alike, too. */
const MOST_ALIKE_OF_SHORTER = 64;
const FIRST_SLOTS = 1 << 10;

/** A piece of a searched text, end excluded. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export class SecretIndex {
  readonly #texts: string[] = [];
  /** Open addressing; three numbers a slot: hash of four characters, number of its text plus one (0: free), where it lies in it. */
  #slots = new Int32Array(3 * FIRST_SLOTS);
  #taken = 0;

  /**
   * @param text at least `SHORTEST_STRETCH` long
   * @param placeEvery characters from one place to the next, of a text longer than 256: any stretch of it is found that
   * is `SHORTEST_STRETCH - 1` longer than that
   */
  add(text: string, placeEvery: number): void {
    this.#texts.push(text);
    const last = text.length - WINDOW;
    for (let at = 0; at <= last; at++) {
      const isPlace = text.length <= FULLY_KNOWN || at % placeEvery < STEP || at > last - STEP;
      if (isPlace) this.#put(hashAt(text, at), this.#texts.length, at);
    }
  }

  /**
   * @param shortest shorter stretches are passed over; at least `SHORTEST_STRETCH`
   * @returns the first stretch behind `from` that belongs to a known text, as long as it can be; null when there is none
   */
  find(searched: string, from = 0, shortest = SHORTEST_STRETCH): Stretch | null {
    const slots = this.#slots;
    const last = searched.length - WINDOW;
    for (let at = Math.ceil(from / STEP) * STEP; at <= last; at += STEP) {
      const hash = hashAt(searched, at);
      let longest: Stretch | null = null;
      for (let slot = first(hash, slots); slots[slot + 1] !== 0; slot = next(slot, slots)) {
        if (slots[slot] !== hash) continue;
        const text = this.#texts[(slots[slot + 1] ?? 0) - 1] ?? "";
        const stretch = common({ searched, at, from }, text, slots[slot + 2] ?? 0);
        if (lengthOf(stretch) >= shortest && lengthOf(stretch) > lengthOf(longest)) longest = stretch;
      }
      if (longest !== null) return longest;
    }
    return null;
  }

  #put(hash: number, text: number, at: number): void {
    // Two thirds full.
    if (this.#taken * 9 > this.#slots.length * 2) this.#grow();
    const slots = this.#slots;
    const isShorter = (this.#texts[text - 1]?.length ?? 0) <= FULLY_KNOWN;
    const mostAlike = isShorter ? MOST_ALIKE_OF_SHORTER : MOST_ALIKE;
    let alike = 0;
    let slot = first(hash, slots);
    for (; slots[slot + 1] !== 0; slot = next(slot, slots)) {
      if (slots[slot] === hash && ++alike >= mostAlike) return;
    }
    slots.set([hash, text, at], slot);
    this.#taken += 1;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length);
    this.#taken = 0;
    for (let slot = 0; slot < old.length; slot += 3) {
      const [hash = 0, text = 0, at = 0] = old.subarray(slot, slot + 3);
      if (text !== 0) this.#put(hash, text, at);
    }
  }
}

interface Place {
  readonly searched: string;
  readonly at: number;
  /** What lies before has been searched. */
  readonly from: number;
}

/** How far two texts are the same around a window. Nothing, when only the hashes of the windows are the same. */
const common = ({ searched, at, from: least }: Place, text: string, atInText: number): Stretch => {
  const offset = atInText - at;
  let from = at;
  let to = at;
  while (to < searched.length && searched.charCodeAt(to) === text.charCodeAt(to + offset)) to++;
  while (from > least && from + offset > 0 && searched.charCodeAt(from - 1) === text.charCodeAt(from - 1 + offset))
    from--;
  return { from, to };
};

const lengthOf = (stretch: Stretch | null): number => (stretch === null ? 0 : stretch.to - stretch.from);

/** Multiplied by an odd number near 2^32 divided by the golden ratio: neighbours in value end up far apart. */
export const hashAt = (text: string, at: number): number => {
  const packed =
    text.charCodeAt(at) ^
    (text.charCodeAt(at + 1) << 8) ^
    (text.charCodeAt(at + 2) << 16) ^
    (text.charCodeAt(at + 3) << 24);
  const hash = Math.imul(packed, 0x9e3779b1);
  return hash ^ (hash >>> 15);
};

/** The number of slots is a power of two. */
const first = (hash: number, slots: Int32Array): number => 3 * (hash & (slots.length / 3 - 1));

const next = (slot: number, slots: Int32Array): number => (slot + 3 === slots.length ? 0 : slot + 3);
