/** Cuts a byte stream into lines. Knows nothing of what a line means; bounds how long one may be. */

/** The longest line that Python may send: a tool call's arguments and some air. See docs/link-protocol.md. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

const NEWLINE = 0x0a;

export class LineReader {
  readonly #onLine: (line: string) => void;
  readonly #maxBytes: number;
  /** The beginning of a line whose end has not come yet. */
  #pieces: Buffer[] = [];
  #pendingBytes = 0;

  constructor(onLine: (line: string) => void, maxBytes = MAX_LINE_BYTES) {
    this.#onLine = onLine;
    this.#maxBytes = maxBytes;
  }

  /**
   * @throws {RangeError} when a line grows over the limit: the stream cannot be trusted any more.
   */
  push(chunk: Buffer): void {
    let start = 0;
    let end = chunk.indexOf(NEWLINE);
    while (end !== -1) {
      this.#emit(chunk.subarray(start, end));
      start = end + 1;
      end = chunk.indexOf(NEWLINE, start);
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  #emit(lastPiece: Buffer): void {
    if (this.#pendingBytes + lastPiece.length > this.#maxBytes) throw new RangeError("link line too long");
    if (this.#pieces.length === 0) {
      this.#onLine(lastPiece.toString("utf8"));
      return;
    }
    // Joined as bytes, not as text: a character may be cut between two chunks.
    const line = Buffer.concat([...this.#pieces, lastPiece]).toString("utf8");
    this.#pieces = [];
    this.#pendingBytes = 0;
    this.#onLine(line);
  }

  #keep(piece: Buffer): void {
    this.#pendingBytes += piece.length;
    if (this.#pendingBytes > this.#maxBytes) throw new RangeError("link line too long");
    this.#pieces.push(piece);
  }
}
