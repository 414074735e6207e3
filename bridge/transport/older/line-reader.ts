const LF = 0x0a;

/** Cuts what comes in pieces into lines, and copies none twice, however large it is. */
export class LineReader {
  readonly #maxBytes: number;
  readonly #onLine: (line: Buffer) => void;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number, onLine: (line: Buffer) => void) {
    this.#maxBytes = maxBytes;
    this.#onLine = onLine;
  }

  /** @returns false when a line is longer than the limit; what comes behind that is no line any more */
  feed(chunk: Buffer): boolean {
    let from = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      if (!this.#add(chunk.subarray(from, end))) return false;
      const line = Buffer.concat(this.#pieces, this.#bytes);
      this.#clear();
      this.#onLine(line);
      from = end + 1;
    }
    return this.#add(chunk.subarray(from));
  }

  #add(piece: Buffer): boolean {
    this.#bytes += piece.length;
    if (this.#bytes > this.#maxBytes) {
      this.#clear();
      return false;
    }
    if (piece.length > 0) this.#pieces.push(piece);
    return true;
  }

  #clear(): void {
    this.#pieces = [];
    this.#bytes = 0;
  }
}
