/**
 * The bytes of a body up to a limit, decoded at once when all are there, so that a character split over two chunks
 * stays whole.
 */
export class Body {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  /** Keeps what fits; false when there was more than fits. */
  add(chunk: Buffer): boolean {
    const room = this.#limit - this.#bytes;
    this.#bytes += chunk.length;
    if (chunk.length <= room) this.#chunks.push(chunk);
    else if (room > 0) this.#chunks.push(chunk.subarray(0, room));
    return chunk.length <= room;
  }

  bytes(): Buffer {
    const [first] = this.#chunks;
    return this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
  }

  text(): string {
    return this.bytes().toString("utf8");
  }
}
