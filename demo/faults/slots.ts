/** A number of places, first come, first served: a lock has one, a pool of connections some. */
export class Slots {
  readonly #size: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get areTaken(): boolean {
    return this.#taken >= this.#size;
  }

  /** Waits for a place, holds it while `work` lasts. */
  async hold<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.areTaken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#taken += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // A place that somebody waits for passes on without ever being free: nobody overtakes.
      if (next === undefined) this.#taken -= 1;
      else next();
    }
  }
}
