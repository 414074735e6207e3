/** How much is unpacked and read for one run in all, counted while it is read: what a zip says of itself may be a lie. */
import { AzureError } from "../azure-error.ts";

/** A row is about 200 bytes: a hundred million of them. */
const MOST_BYTES = 20_000_000_000;

export class ByteBudget {
  readonly #most: number;
  #left: number;

  constructor(mostBytes = MOST_BYTES) {
    this.#most = mostBytes;
    this.#left = mostBytes;
  }

  /** @param place the file that is being read @throws {AzureError} AZURE_RESULTS_BROKEN */
  take(bytes: number, place: string): void {
    this.#left -= bytes;
    if (this.#left >= 0) return;
    throw new AzureError("AZURE_RESULTS_BROKEN", { place, why: `more than ${this.#most / 1e9} GB unpacked` });
  }
}
