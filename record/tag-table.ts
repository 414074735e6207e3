/** What is known of a tag, found by the bytes of a log's line: a log has a thousand tags and a million lines. */

export interface TagEntry<Value> {
  readonly value: Value;
  /** The tag with the comma behind it. */
  readonly bytes: Uint8Array;
}

interface Entry<Value> extends TagEntry<Value> {
  /** Another tag of the same hash. */
  readonly next: Entry<Value> | undefined;
  /** The one that came behind this one the last time: of a name the kinds of time follow each other in every second. */
  after: Entry<Value> | undefined;
}

const COMMA = 44;

export class TagTable<Value> {
  readonly #lookUp: (tag: string) => Value;
  readonly #entries = new Map<number, Entry<Value>>();
  #last: Entry<Value> | undefined;

  /** @param lookUp asked once for each tag; bytes above 127 are taken for Latin-1 */
  constructor(lookUp: (tag: string) => Value) {
    this.#lookUp = lookUp;
  }

  /**
   * @param from where the tag begins; it ends before the first comma
   * @param end of the line
   * @returns null where there is no comma
   */
  get(bytes: Buffer, from: number, end: number): TagEntry<Value> | null {
    const guess = this.#last?.after;
    const entry = guess !== undefined && isAt(guess.bytes, bytes, from) ? guess : this.#found(bytes, from, end);
    if (entry === null) return null;
    if (this.#last !== undefined && this.#last.after !== entry) this.#last.after = entry;
    this.#last = entry;
    return entry;
  }

  #found(bytes: Buffer, from: number, end: number): Entry<Value> | null {
    // FNV-1a.
    let hash = 0x811c9dc5;
    let comma = from;
    for (; comma < end; comma++) {
      const byte = bytes[comma] ?? 0;
      if (byte === COMMA) break;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    if (comma >= end) return null;
    const first = this.#entries.get(hash);
    for (let entry = first; entry !== undefined; entry = entry.next) if (isAt(entry.bytes, bytes, from)) return entry;
    const entry: Entry<Value> = {
      value: this.#lookUp(bytes.toString("latin1", from, comma)),
      bytes: new Uint8Array(bytes.subarray(from, comma + 1)),
      next: first,
      after: undefined,
    };
    this.#entries.set(hash, entry);
    return entry;
  }
}

/** No look at the line's end: a tag ends with the only comma in it, and a line with a newline. */
const isAt = (tag: Uint8Array, bytes: Uint8Array, from: number): boolean => {
  for (let at = 0; at < tag.length; at++) if (tag[at] !== bytes[from + at]) return false;
  return true;
};
