/** Calls `end` once nothing has moved for so long. */
export class StallWatch {
  readonly #timer: NodeJS.Timeout;

  constructor(stallMs: number, end: () => void) {
    this.#timer = setTimeout(end, stallMs);
  }

  /** Something has. */
  moved(): void {
    this.#timer.refresh();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
