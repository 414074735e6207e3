/** What is known of a tag, found by the bytes of a log's line: a log has a thousand tags and a million lines. */

interface Entry<Value> {
  readonly tag: Uint8Array;
  readonly value: Value;
  /** Another tag of the same hash. */
  readonly next: Entry<Value> | undefined;
}

export class TagTable<Value> {
  readonly #lookUp: (tag: string) => Value;
  readonly #entries = new Map<number, Entry<Value>>();

  /** @param lookUp asked once for each tag */
  constructor(lookUp: (tag: string) => Value) {
    this.#lookUp = lookUp;
  }

  /** @param bytes hold the tag from `from` to `end`; bytes above 127 are taken for Latin-1 */
  get(bytes: Buffer, from: number, end: number): Value {
    const hash = hashOf(bytes, from, end);
    const first = this.#entries.get(hash);
    for (let entry = first; entry !== undefined; entry = entry.next) {
      if (isSame(entry.tag, bytes, from, end)) return entry.value;
    }
    const value = this.#lookUp(bytes.toString("latin1", from, end));
    this.#entries.set(hash, { tag: Uint8Array.prototype.slice.call(bytes, from, end), value, next: first });
    return value;
  }
}

/** FNV-1a. */
const hashOf = (bytes: Uint8Array, from: number, end: number): number => {
  let hash = 0x811c9dc5;
  for (let at = from; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  // A small integer in every build of V8.
  return hash >>> 2;
};

const isSame = (tag: Uint8Array, bytes: Uint8Array, from: number, end: number): boolean => {
  if (tag.length !== end - from) return false;
  for (let at = 0; at < tag.length; at++) if (tag[at] !== bytes[from + at]) return false;
  return true;
};
