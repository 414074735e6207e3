/** What a fact keeps for each name: at most 200 of them, whatever a user or a server calls things. */

const MOST_NAMES = 200;
/** Takes what came under further names. */
const OTHER = "(other names)";

export class ByName<Held> {
  readonly #held = new Map<string, Held>();
  readonly #fresh: () => Held;

  constructor(fresh: () => Held) {
    this.#fresh = fresh;
  }

  of(name: string): Held {
    const kept = this.#held.has(name) || this.#held.size < MOST_NAMES ? name : OTHER;
    let held = this.#held.get(kept);
    if (held === undefined) {
      held = this.#fresh();
      this.#held.set(kept, held);
    }
    return held;
  }

  /** Each as `shape` writes it. */
  record<Written>(shape: (held: Held) => Written): Record<string, Written> {
    return Object.fromEntries([...this.#held].map(([name, held]) => [name, shape(held)]));
  }
}
