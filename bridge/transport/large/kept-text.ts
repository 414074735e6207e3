/** The beginning of a JSON string as it is written, cut between two characters, never within one. */

/** Enough for an error's text, which is cut to 500 characters later. */
export const MOST_TEXT_BYTES = 4_096;
const BACKSLASH = 0x5c;
const LONGEST_ESCAPE = 6;

export class KeptText {
  readonly #bytes = Buffer.allocUnsafe(MOST_TEXT_BYTES);
  readonly #escape = Buffer.allocUnsafe(LONGEST_ESCAPE);
  #length = 0;
  #escapeLength = 0;
  #hasEscapes = false;
  #isCut = false;

  /** True when there was more than fits. */
  get isCut(): boolean {
    return this.#isCut;
  }

  clear(): void {
    this.#length = 0;
    this.#hasEscapes = false;
    this.#isCut = false;
  }

  /** Adds bytes that stand for themselves. */
  addPlain(bytes: Uint8Array, from: number, to: number): void {
    if (this.#isCut) return;
    const end = Math.min(to, from + MOST_TEXT_BYTES - this.#length);
    this.#bytes.set(bytes.subarray(from, end), this.#length);
    this.#length += end - from;
    if (end < to) this.#cut(bytes[end] as number);
  }

  addByte(byte: number): void {
    if (this.#length === MOST_TEXT_BYTES) this.#isCut = true;
    if (this.#isCut) return;
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }

  /** @param byte what follows the backslash */
  beginEscape(byte: number): void {
    this.#escape[0] = BACKSLASH;
    this.#escape[1] = byte;
    this.#escapeLength = 2;
  }

  addToEscape(byte: number): void {
    this.#escape[this.#escapeLength] = byte;
    this.#escapeLength += 1;
  }

  endEscape(): void {
    if (this.#length + this.#escapeLength > MOST_TEXT_BYTES) this.#isCut = true;
    if (this.#isCut) return;
    this.#escape.copy(this.#bytes, this.#length, 0, this.#escapeLength);
    this.#length += this.#escapeLength;
    this.#hasEscapes = true;
  }

  text(): string {
    const written = this.#bytes.toString("utf8", 0, this.#length);
    return this.#hasEscapes ? (JSON.parse(`"${written}"`) as string) : written;
  }

  /** @param next the first byte that did not fit: when it continues a character, that one goes as a whole */
  #cut(next: number): void {
    this.#isCut = true;
    if (!isContinuation(next)) return;
    const least = Math.max(0, this.#length - MOST_CONTINUATIONS);
    while (this.#length > least && isContinuation(this.#bytes[this.#length - 1] as number)) this.#length -= 1;
    if (this.#length > 0 && (this.#bytes[this.#length - 1] as number) >= 0xc0) this.#length -= 1;
  }
}

const MOST_CONTINUATIONS = 3;
const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;
