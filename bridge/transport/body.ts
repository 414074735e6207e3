/**
 * The bytes of a body up to a limit, decoded at once when all are there, so that a character split over two chunks
 * stays whole. A server that sends byte after byte costs no more than its bytes: small chunks are put together.
 */
export class Body {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** The last chunk while it has room for small ones. */
  #block: Buffer | null = null;
  #blockBytes = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  /** Bytes that came, also those that did not fit. */
  get size(): number {
    return this.#bytes;
  }

  /** Keeps what fits; false when there was more than fits. */
  add(chunk: Buffer): boolean {
    const room = this.#limit - this.#bytes;
    this.#bytes += chunk.length;
    if (chunk.length <= room) this.#keep(chunk);
    else if (room > 0) this.#keep(chunk.subarray(0, room));
    return chunk.length <= room;
  }

  bytes(): Buffer {
    const [first] = this.#chunks;
    const only = this.#chunks.length === 1 && this.#block === null ? first : undefined;
    return only ?? Buffer.concat([...this.pieces()]);
  }

  text(): string {
    return this.bytes().toString("utf8");
  }

  /** What is kept, in order. */
  *pieces(): Generator<Buffer> {
    yield* this.#chunks;
    if (this.#block !== null) yield this.#block.subarray(0, this.#blockBytes);
  }

  #keep(chunk: Buffer): void {
    if (this.#block === null && (chunk.length >= SMALL || this.#chunks.length < FEW)) this.#chunks.push(chunk);
    else this.#pack(chunk);
  }

  #pack(chunk: Buffer): void {
    if (this.#block !== null && chunk.length > this.#block.length - this.#blockBytes) {
      this.#chunks.push(this.#block.subarray(0, this.#blockBytes));
      this.#block = null;
      this.#blockBytes = 0;
      this.#keep(chunk);
      return;
    }
    this.#block ??= Buffer.allocUnsafeSlow(BLOCK);
    chunk.copy(this.#block, this.#blockBytes);
    this.#blockBytes += chunk.length;
  }
}

/** Below this a chunk is copied, once there are some: an object for each would be larger than what is in it. */
const SMALL = 4_096;
const FEW = 16;
const BLOCK = 65_536;
