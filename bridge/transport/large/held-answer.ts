import { type KeptResults, MOST_KEPT_BYTES } from "../../kept-results.ts";
import { Body } from "../body.ts";
import type { PendingRequest } from "../pending-request.ts";
import { ParsedSize } from "./parsed-size.ts";

/**
 * A large answer that is held until it can be parsed as a whole. It takes room for its bytes and for what they become in
 * memory; without room its request ends as `too-large`. Whoever feeds it keeps the limit for its bytes alone.
 */
export class HeldAnswer {
  readonly #request: PendingRequest;
  readonly #kept: KeptResults;
  readonly #body = new Body(Number.POSITIVE_INFINITY);
  readonly #parsed = new ParsedSize();

  constructor(request: PendingRequest, kept: KeptResults) {
    this.#request = request;
    this.#kept = kept;
  }

  feed(bytes: Buffer): void {
    if (this.#request.isSettled) return;
    this.#body.add(bytes);
    this.#parsed.feed(bytes);
    // `KeptResults` lets in one answer of any size while there is no other.
    if (this.#parsed.bytes > MOST_KEPT_BYTES) this.#request.fail({ reason: "too-large", detail: TOO_MANY });
    else holdRoom(this.#request, this.#kept, this.#body.size + this.#parsed.bytes);
  }

  bytes(): Buffer {
    return this.#body.bytes();
  }
}

/** @param bytes that a large answer takes so far. Ends the request when there is no room for them. */
export const holdRoom = (request: PendingRequest, kept: KeptResults, bytes: number): void => {
  if (request.operation === null || request.isSettled || kept.hold(request.operation, bytes)) return;
  request.fail({ reason: "too-large", detail: NO_ROOM });
};

const MB = MOST_KEPT_BYTES / 1024 ** 2;
const INSTEAD = "results that are hashed or dropped take no room";
const NO_ROOM = `the large results that are held at this moment would be more than ${MB} MB; ${INSTEAD}`;
const TOO_MANY = `its many small values would take more than ${MB} MB of memory; ${INSTEAD}`;
