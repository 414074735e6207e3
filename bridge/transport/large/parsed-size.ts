import { type JsonListener, JsonScanner } from "./json-scanner.ts";

/**
 * How much memory a JSON text takes once it is parsed, beside its own bytes, told while it comes: `[],[],…` is a few bytes
 * of text and tens of bytes in memory for each array.
 */

/** Of one value in V8's heap, with what a list over them grows into; measured, and rounded up. */
const CONTAINER_BYTES = 96;
const KEY_BYTES = 24;
const SCALAR_BYTES = 16;

export class ParsedSize implements JsonListener {
  readonly #scanner = new JsonScanner(this);
  /** About; texts that are no JSON count up to where they break. */
  bytes = 0;

  feed(bytes: Uint8Array): void {
    this.#scanner.feed(bytes);
  }

  wantsKey(): boolean {
    return false;
  }

  wantsScalar(): boolean {
    return false;
  }

  onKey(): void {
    this.bytes += KEY_BYTES;
  }

  onOpen(): void {
    this.bytes += CONTAINER_BYTES;
  }

  onClose(): void {}

  onScalar(): void {
    this.bytes += SCALAR_BYTES;
  }
}
